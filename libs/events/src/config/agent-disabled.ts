import { z } from 'zod';
import { defineEvent } from '../event.js';

/** The kill switch: no attempt of the agent is sent behind the dispatch journal's `config-applied` of it (rule 12). In CONFIG. */
export const agentDisabled = defineEvent(
  'agent-disabled',
  1,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    agent: z.string(),
    reason: z.string().nullable(),
    at: z.number().int(),
  }),
);
