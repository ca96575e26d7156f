import { z } from 'zod';
import { attemptAnswer } from '../dispatch/attempt.js';
import { defineEvent } from '../event.js';

/** What a tool still answered to a dispatcher that is owner no more (rule 10). In CALLS, for the new owner. */
export const answerHandedOver = defineEvent(
  'answer-handed-over',
  1,
  z.object({ callId: z.string(), attempt: z.number().int(), answer: attemptAnswer }),
);
