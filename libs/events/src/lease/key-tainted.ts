import { z } from 'zod';
import { defineEvent } from '../event.js';

/** An attempt under this outgoing key is unknown: until an end is known the tool sees the same key again (rule 8). In LEASE. */
export const keyTainted = defineEvent('key-tainted', 1, z.object({ leaseKey: z.string(), callId: z.string() }));
