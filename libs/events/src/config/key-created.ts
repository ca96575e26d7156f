import { z } from 'zod';
import { defineEvent } from '../event.js';
import { keyDocument } from './documents.js';

/** A new API key. In CONFIG. */
export const keyCreated = defineEvent(
  'key-created',
  1,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    key: keyDocument,
  }),
);
