import { z } from 'zod';
import { callHeader } from '../call.js';
import { defineEvent } from '../event.js';

/** An attempt may be sent: journaled before the request leaves, valid for the permit only (rule 10). In DISPATCH. */
export const dispatchStarted = defineEvent(
  'dispatch-started',
  1,
  z.object({
    call: callHeader,
    attempt: z.number().int(),
    /** When a new owner may call the attempt unknown: the tool's timeout and a margin, ms since the epoch. */
    attemptDeadline: z.number().int(),
  }),
);
