import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { task } from './task.js';

/** The holder has more time, and a new version. In LEASE. */
export const taskExtended = defineEvent('task-extended', 1, z.object({ task, reply }));
