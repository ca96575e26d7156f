import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { task } from './task.js';

/** The holder gave it up: the key can be leased at once. In LEASE. */
export const taskCanceled = defineEvent('task-canceled', 1, z.object({ task, reply }));
