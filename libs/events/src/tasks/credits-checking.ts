import { z } from 'zod';
import { passedCall } from '../call.js';
import { defineEvent } from '../event.js';
import { commandRequested } from './command.js';

/** A call or command that seems to exceed its tenant's credits waits for a look at what was given back (rule 11). In LEASE. */
export const creditsChecking = defineEvent(
  'credits-checking',
  1,
  z.object({
    id: z.string(),
    passed: passedCall.optional(),
    command: commandRequested.schema.optional(),
    /** Broker's stamp of the command, ms since the epoch. */
    stampMs: z.number().int().optional(),
  }),
);
