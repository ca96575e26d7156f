import { z } from 'zod';
import { defineEvent } from '../event.js';
import { toolDocument } from './documents.js';

/** A registered tool, whole, as it stands from here on. In CONFIG. */
export const toolSet = defineEvent(
  'tool-set',
  2,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    tool: toolDocument,
  }),
);
