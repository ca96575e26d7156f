import { leasedCall } from '../call.js';
import { defineEvent } from '../event.js';

/** The call fits all of its caps and counts at once (rule 11). In BUDGET. */
export const budgetReserved = defineEvent('budget-reserved', 1, leasedCall);
