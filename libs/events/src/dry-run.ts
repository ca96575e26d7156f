import { z } from 'zod';
import { leasedCall, passedCall } from './call.js';
import { requestedCall } from './calls/requested.js';
import { policyDocument } from './config/documents.js';

/**
 * A call that is only tried: a gateway asks the owners of policy, lease and budget one after the other, and each answers
 * with the event that it would decide (contract 3.1). What one lets pass is what the next is asked about.
 */
export const DRY_RUN = 'dry-run';

export const tryAtPolicy = z.object({
  tenant: z.string(),
  requested: requestedCall,
  /** Instead of the one that is stored. */
  policy: policyDocument.optional(),
});
export type TryAtPolicy = z.output<typeof tryAtPolicy>;

export const tryAtLease = z.object({ tenant: z.string(), passed: passedCall });
export type TryAtLease = z.output<typeof tryAtLease>;

export const tryAtBudget = z.object({ tenant: z.string(), leased: leasedCall });
export type TryAtBudget = z.output<typeof tryAtBudget>;
