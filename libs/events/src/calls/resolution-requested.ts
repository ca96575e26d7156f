import { z } from 'zod';
import { defineEvent } from '../event.js';
import { payload } from '../sealed.js';

/** An operator says how an in-doubt call ended (contract 3.1, resolve). In CALLS, for the dispatcher. */
export const resolutionRequested = defineEvent(
  'resolution-requested',
  1,
  z.object({
    commandId: z.string(),
    callId: z.string(),
    outcome: z.enum(['executed', 'failed']),
    result: payload.optional(),
    note: z.string().optional(),
    keyId: z.string(),
    gateway: z.string(),
  }),
);
