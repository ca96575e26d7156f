import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { task } from './task.js';

/** The holder said that it is done, or the last action of its job ended; without `reply` nobody asked. In LEASE. */
export const taskCompleted = defineEvent('task-completed', 1, z.object({ task, reply: reply.optional() }));
