import { z } from 'zod';
import { FAILURE_CODES } from '../outcome.js';
import { payload } from '../sealed.js';

export const ATTEMPT_KNOWN = ['executed', 'not_sent', 'refused', 'tool_error', 'unknown'] as const;

/**
 * What is known after one attempt (contract section 6, the table of dispatch):
 * `executed`, `not_sent` and `refused` (may be tried again), `tool_error` (the tool said so), `unknown`.
 */
export const attemptAnswer = z.discriminatedUnion('known', [
  z.object({ known: z.literal('executed'), httpStatus: z.number().int(), result: payload }),
  z.object({ known: z.literal('not_sent'), code: z.enum(FAILURE_CODES) }),
  z.object({ known: z.literal('refused'), httpStatus: z.number().int(), retryAfterMs: z.number().int().optional() }),
  z.object({ known: z.literal('tool_error'), httpStatus: z.number().int() }),
  z.object({ known: z.literal('unknown'), code: z.enum(FAILURE_CODES), httpStatus: z.number().int().nullable() }),
]);
export type AttemptAnswer = z.output<typeof attemptAnswer>;
