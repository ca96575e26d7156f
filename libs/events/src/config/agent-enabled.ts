import { z } from 'zod';
import { defineEvent } from '../event.js';

/** The agent may act again. In CONFIG. */
export const agentEnabled = defineEvent(
  'agent-enabled',
  1,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    agent: z.string(),
  }),
);
