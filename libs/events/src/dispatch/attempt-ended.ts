import { z } from 'zod';
import { callHeader } from '../call.js';
import { defineEvent } from '../event.js';
import { FAILURE_CODES } from '../outcome.js';
import { ATTEMPT_KNOWN } from './attempt.js';

/** What became of one attempt; the result itself is in the ending. In DISPATCH. */
export const attemptEnded = defineEvent(
  'attempt-ended',
  1,
  z.object({
    call: callHeader,
    attempt: z.number().int(),
    known: z.enum(ATTEMPT_KNOWN),
    code: z.enum(FAILURE_CODES).optional(),
    httpStatus: z.number().int().nullable(),
    /** When the next attempt may start, ms since the epoch; absent when there is none. */
    retryAt: z.number().int().optional(),
  }),
);
