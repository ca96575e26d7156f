import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { task } from './task.js';

/** The holder said that it failed, or an action of its job was blocked or failed; without `reply` nobody asked. In LEASE. */
export const taskFailed = defineEvent('task-failed', 1, z.object({ task, reply: reply.optional() }));
