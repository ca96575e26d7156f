import { z } from 'zod';
import { defineEvent } from '../event.js';

/** Nobody resolved the call in 30 days: its key is free, the call stays in doubt. In DISPATCH. */
export const holdEnded = defineEvent('hold-ended', 1, z.object({ callId: z.string() }));
