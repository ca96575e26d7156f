import { z } from 'zod';
import { defineEvent } from '../event.js';

/** The key is refused from here on, by every reader of CALLS too (rule 12). In CONFIG. */
export const keyRevoked = defineEvent(
  'key-revoked',
  1,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    id: z.string(),
  }),
);
