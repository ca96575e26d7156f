import { z } from 'zod';
import { callHeader } from './call.js';
import { outcome } from './outcome.js';

/** The data of every ending: exactly one of them ends a call (rule 6). */
export const ending = z.object({
  call: callHeader,
  outcome,
});
export type Ending = z.output<typeof ending>;
