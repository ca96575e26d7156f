import { z } from 'zod';
import { defineEvent } from '../event.js';
import { task } from './task.js';

/** The holder let the deadline pass: the key can be leased at once, and the holder may still come back before somebody does. In LEASE. */
export const taskExpired = defineEvent('task-expired', 1, z.object({ task }));
