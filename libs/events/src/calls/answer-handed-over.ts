import { z } from 'zod';
import { attemptAnswer } from '../dispatch/attempt.js';
import { defineEvent } from '../event.js';

/** What a dispatcher that is owner no more knows of an attempt of its own (rule 10). In CALLS, for the new owner. */
export const answerHandedOver = defineEvent(
  'answer-handed-over',
  1,
  z.object({
    callId: z.string(),
    /** Attempts are counted within their owner's journal: its epoch tells whose this one was. */
    epoch: z.string(),
    attempt: z.number().int(),
    answer: attemptAnswer,
  }),
);
