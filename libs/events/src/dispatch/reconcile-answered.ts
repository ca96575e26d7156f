import { z } from 'zod';
import { callHeader } from '../call.js';
import { defineEvent } from '../event.js';

export const RECONCILE_SAYS = ['executed', 'not_executed', 'unknown'] as const;

/**
 * What the tool's `reconcile_url` said; `unknown` also where it could not be asked or gave no clear word. `not_executed`
 * is the last word about every attempt that was unknown; a result is in the ending. In DISPATCH.
 */
export const reconcileAnswered = defineEvent(
  'reconcile-answered',
  1,
  z.object({
    call: callHeader,
    attempt: z.number().int(),
    question: z.number().int(),
    says: z.enum(RECONCILE_SAYS),
    httpStatus: z.number().int().nullable(),
    /** When the next attempt may start, ms since the epoch; absent when there is none. */
    retryAt: z.number().int().optional(),
  }),
);
