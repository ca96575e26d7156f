import { z } from 'zod';
import { ending } from '../ending.js';
import { defineEvent } from '../event.js';

/** An ending: nobody knows whether the tool did it; the key stays held until it is resolved (rule 7). In DISPATCH. */
export const inDoubt = defineEvent(
  'in-doubt',
  1,
  ending.extend({
    /** The hold of the key ends here at the latest, ms since the epoch. */
    heldUntil: z.number().int(),
  }),
);
