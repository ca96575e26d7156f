import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { credits, task } from './task.js';

/** A key is leased to somebody; no other lease of it has this version. In LEASE. */
export const taskAcquired = defineEvent('task-acquired', 1, z.object({ task, credits, reply }));
