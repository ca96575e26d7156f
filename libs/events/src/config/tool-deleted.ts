import { z } from 'zod';
import { defineEvent } from '../event.js';

/** A tool is gone from its scope. In CONFIG. */
export const toolDeleted = defineEvent(
  'tool-deleted',
  1,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    name: z.string(),
    scope: z.string(),
  }),
);
