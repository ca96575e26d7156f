import { leasedCall } from '../call.js';
import { defineEvent } from '../event.js';

/** A cap would refuse the call; before that is final the stage reads its inputs to their ends (rule 11). In BUDGET. */
export const capChecking = defineEvent('cap-checking', 1, leasedCall);
