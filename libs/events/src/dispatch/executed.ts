import { ending } from '../ending.js';
import { defineEvent } from '../event.js';

/** An ending: the tool did it. In DISPATCH. */
export const executed = defineEvent('executed', 1, ending);
