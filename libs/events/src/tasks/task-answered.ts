import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { task } from './task.js';

/** A repeat of what the holder said before: nothing changes. In LEASE. */
export const taskAnswered = defineEvent('task-answered', 1, z.object({ task, reply }));
