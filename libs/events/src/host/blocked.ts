import { ending } from '../ending.js';
import { defineEvent } from '../event.js';

/** An ending: a rule said no. In POLICY (lists, agent state), BUDGET (caps) or DISPATCH (agent disabled meanwhile). */
export const blocked = defineEvent('blocked', 1, ending);
