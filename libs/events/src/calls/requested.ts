import { z } from 'zod';
import { callHeader } from '../call.js';
import { defineEvent } from '../event.js';
import { payload } from '../sealed.js';

/** A call as its gateway accepted it. */
export const requestedCall = z.object({
  call: callHeader,
  args: payload,
  /** Keyed hash of the arguments without a string `run_id`; absent where they have none or the body named its run. */
  hashWithoutRunId: z.string().optional(),
  /** Keyed hash of the idempotency key the caller gave, if any. */
  idempotencyHash: z.string().optional(),
  /** The caller's `spend_usd` in micro-dollars. */
  spend: z.number().int(),
  role: z.enum(['admin', 'agent']),
});
export type RequestedCall = z.output<typeof requestedCall>;

/** A gateway accepted a call, or the lease stage began an action of a job (rule 18). In CALLS; the first event of every call. */
export const requested = defineEvent('requested', 1, requestedCall);
