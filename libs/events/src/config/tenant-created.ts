import { z } from 'zod';
import { defineEvent } from '../event.js';

/** A customer of this installation. In CONFIG. */
export const tenantCreated = defineEvent(
  'tenant-created',
  1,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    id: z.string(),
    name: z.string(),
    at: z.number().int(),
  }),
);
