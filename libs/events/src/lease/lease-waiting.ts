import { z } from 'zod';
import { passedCall } from '../call.js';
import { defineEvent } from '../event.js';

/** A repeat waits for the holder of its key (rule 9). In LEASE. */
export const leaseWaiting = defineEvent('lease-waiting', 1, passedCall.extend({ leaseKey: z.string() }));
