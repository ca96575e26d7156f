import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { credits, lock } from './task.js';

/** A lock is held until its time is over. In LEASE. */
export const lockTaken = defineEvent(
  'lock-taken',
  1,
  z.object({
    lock,
    credits,
    /** Whoever holds it asks again, with the same `Idempotency-Key`. */
    again: z.boolean().optional(),
    reply,
  }),
);
