import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { credits, task } from './task.js';

/** Somebody asked for a lease that another holds, or that is finished. In LEASE. */
export const taskPolled = defineEvent(
  'task-polled',
  1,
  z.object({
    task,
    credits,
    /** The holder asks again, with the same `Idempotency-Key`. */
    asHolder: z.boolean().optional(),
    reply,
  }),
);
