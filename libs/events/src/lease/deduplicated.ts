import { ending } from '../ending.js';
import { defineEvent } from '../event.js';

/** An ending: a repeat of a completed call got its result. In LEASE. */
export const deduplicated = defineEvent('deduplicated', 1, ending);
