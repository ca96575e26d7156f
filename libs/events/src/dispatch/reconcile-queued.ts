import { z } from 'zod';
import { callHeader } from '../call.js';
import { defineEvent } from '../event.js';

/**
 * The outcome of the call is unknown, and its tool will be asked for it. The question itself is journaled only when it is
 * answered: it reads, so a new owner asks it again. In DISPATCH.
 */
export const reconcileQueued = defineEvent(
  'reconcile-queued',
  1,
  z.object({
    call: callHeader,
    /** The call's last attempt until now. */
    attempt: z.number().int(),
    /** Which question it is behind that attempt, from 1. */
    question: z.number().int(),
    /** It is not asked before, ms since the epoch. */
    askAt: z.number().int(),
  }),
);
