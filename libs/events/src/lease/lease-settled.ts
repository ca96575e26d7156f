import { z } from 'zod';
import { outcome } from '../outcome.js';
import { payload } from '../sealed.js';
import { defineEvent } from '../event.js';

/**
 * The holder of a key ended: the key is completed until a time, in doubt, or free; where it was not executed, the credit
 * of the month (`YYYY-MM`) that it was charged to is given back. Waiters are answered from here on.
 * In LEASE.
 */
export const leaseSettled = defineEvent(
  'lease-settled',
  1,
  z.object({
    leaseKey: z.string(),
    callId: z.string(),
    how: z.discriminatedUnion('state', [
      z.object({ state: z.literal('completed'), until: z.number().int(), result: payload.optional() }),
      z.object({ state: z.literal('in-doubt'), until: z.number().int(), error: outcome.shape.error }),
      z.object({ state: z.literal('free'), givesBack: z.string().optional() }),
    ]),
  }),
);
