import { z } from 'zod';
import { leasedCall } from '../call.js';
import { defineEvent } from '../event.js';

/** The call holds its key now, first or by takeover; no other call of this key is under way. In LEASE. */
export const leaseAcquired = defineEvent(
  'lease-acquired',
  1,
  leasedCall.extend({
    /** The event that began this generation of the key; the outgoing key is derived from it (rule 8). */
    claim: z.string(),
  }),
);
