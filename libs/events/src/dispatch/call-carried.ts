import { z } from 'zod';
import { leasedCall } from '../call.js';
import { defineEvent } from '../event.js';
import { FAILURE_CODES } from '../outcome.js';
import { ATTEMPT_KNOWN } from './attempt.js';

const phase = z.discriminatedUnion('is', [
  z.object({ is: z.literal('queued') }),
  z.object({ is: z.literal('trying') }),
  z.object({ is: z.literal('resting'), until: z.number().int() }),
  z.object({ is: z.literal('asking'), until: z.number().int() }),
  z.object({ is: z.literal('in-doubt'), heldUntil: z.number().int() }),
]);

const attempt = z.object({
  number: z.number().int(),
  epoch: z.string(),
  deadline: z.number().int(),
  known: z.enum(['open', 'not_executed', ...ATTEMPT_KNOWN]),
  why: z.object({ code: z.enum(FAILURE_CODES), status: z.number().int().nullable() }).optional(),
});

/** A call as the dispatcher has it, journaled again before its older events are purged (rule 15). In DISPATCH. */
export const callCarried = defineEvent(
  'call-carried',
  2,
  z.object({
    leased: leasedCall,
    queuedAt: z.number().int(),
    attempts: z.array(attempt),
    tries: z.number().int(),
    /** Questions to the tool's `reconcile_url` behind the last attempt; version 1 knew none. */
    questions: z.number().int().optional(),
    phase,
  }),
);
