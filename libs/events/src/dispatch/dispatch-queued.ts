import { leasedCall } from '../call.js';
import { defineEvent } from '../event.js';

/** The dispatcher has the call; it waits for a connection or a free place (rule 13). In DISPATCH. */
export const dispatchQueued = defineEvent('dispatch-queued', 1, leasedCall);
