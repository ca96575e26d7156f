import { z } from 'zod';
import { defineEvent } from '../event.js';
import { tenantDocument } from './documents.js';

/** The whole tenant as it is from now on: its plan, its email, what it wants to be told. In CONFIG. */
export const tenantChanged = defineEvent(
  'tenant-changed',
  1,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    tenant: tenantDocument,
  }),
);
