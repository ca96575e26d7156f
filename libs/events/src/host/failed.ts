import { ending } from '../ending.js';
import { defineEvent } from '../event.js';

/** An ending: the call failed for a known reason, or was refused with a 4xx. In any journal. */
export const failed = defineEvent('failed', 1, ending);
