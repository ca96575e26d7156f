import { z } from 'zod';
import { defineEvent } from '../event.js';

/** What the dispatcher made of an operator's word; the gateway that asked is told by it. In DISPATCH. */
export const resolutionAnswered = defineEvent(
  'resolution-answered',
  1,
  z.object({
    commandId: z.string(),
    callId: z.string(),
    gateway: z.string(),
    answer: z.enum(['resolved', 'not_in_doubt']),
  }),
);
