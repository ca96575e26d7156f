import { z } from 'zod';
import { defineEvent } from '../event.js';
import { policyDocument } from './documents.js';

/** An agent's policy, whole, as it stands from here on. In CONFIG. */
export const policySet = defineEvent(
  'policy-set',
  1,
  z.object({
    /** Id of the API key that made the change; `-` for the installation's own commands. */
    by: z.string(),
    policy: policyDocument,
  }),
);
