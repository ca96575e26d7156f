import { z } from 'zod';
import { callHeader } from '../call.js';
import { attemptAnswer } from './attempt.js';
import { defineEvent } from '../event.js';

/** What became of one attempt. In DISPATCH. */
export const attemptEnded = defineEvent('attempt-ended', 1, z.object({
  call: callHeader,
  attempt: z.number().int(),
  answer: attemptAnswer,
  /** When the next attempt may start, ms since the epoch; absent when there is none. */
  retryAt: z.number().int().optional(),
}));
