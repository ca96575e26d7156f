import { z } from 'zod';
import { defineEvent } from '../event.js';

/** An input could not be decoded or made its decision throw; it is kept where it lies and passed by (rule 14). */
export const inputParked = defineEvent(
  'input-parked',
  1,
  z.object({
    source: z.string(),
    stream: z.string(),
    seq: z.number().int(),
    index: z.number().int(),
    code: z.enum(['undecodable', 'unknown_type', 'decision_failed']),
    inputType: z.string().optional(),
    callId: z.string().optional(),
  }),
);
