import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { task } from './task.js';

/** An operator freed a failed key. In LEASE. */
export const taskReset = defineEvent('task-reset', 1, z.object({ task, reply }));
