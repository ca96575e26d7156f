import { passedCall } from '../call.js';
import { defineEvent } from '../event.js';

/** Policy lets the call through, with the terms that hold for it. In POLICY. */
export const policyPassed = defineEvent('policy-passed', 1, passedCall);
