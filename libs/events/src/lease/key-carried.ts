import { z } from 'zod';
import { terms } from '../call.js';
import { defineEvent } from '../event.js';
import { outcome } from '../outcome.js';
import { payload } from '../sealed.js';

const status = z.discriminatedUnion('is', [
  z.object({ is: z.literal('free') }),
  z.object({ is: z.literal('held'), callId: z.string(), terms }),
  z.object({
    is: z.literal('completed'),
    callId: z.string(),
    until: z.number().int(),
    result: payload.optional(),
  }),
  z.object({
    is: z.literal('in-doubt'),
    callId: z.string(),
    terms,
    until: z.number().int(),
    error: outcome.shape.error,
  }),
]);

/** A key as it stands, journaled again before its older events are purged (rule 15); its waiters are younger. In LEASE. */
export const keyCarried = defineEvent(
  'key-carried',
  1,
  z.object({
    leaseKey: z.string(),
    status,
    dedupHash: z.string(),
    claim: z.string().optional(),
    tainted: z.boolean(),
    rememberUntil: z.number().int(),
    /** Its holder has ended, and waiters are still to be answered. */
    settling: z.boolean(),
    /** Month whose credits its holder is charged to, `YYYY-MM`. */
    chargedIn: z.string().optional(),
  }),
);
