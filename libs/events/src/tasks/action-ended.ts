import { z } from 'zod';
import { defineEvent } from '../event.js';
import { endedAction } from './job.js';

/** An action of a job ended; what comes next is decided with it. In LEASE. */
export const actionEnded = defineEvent(
  'action-ended',
  1,
  z.object({ key: z.string(), leaseId: z.string(), ended: endedAction }),
);
