import { z } from 'zod';
import { ending } from '../ending.js';
import { defineEvent } from '../event.js';

/** An in-doubt call got its end, once: by a late answer of the tool or an operator (rule 6). In DISPATCH. */
export const resolved = defineEvent(
  'resolved',
  1,
  ending.extend({
    /** Id of the API key of the operator; absent when the tool itself answered late. */
    by: z.string().optional(),
    note: z.string().optional(),
  }),
);
