import { z } from 'zod';
import { defineEvent } from '../event.js';
import { lock, monthUsage, task } from './task.js';

/** A task as it stands, journaled again before its older events are purged (rule 15). In LEASE. */
export const taskCarried = defineEvent('task-carried', 1, z.object({ task }));

/** A lock as it stands, likewise. In LEASE. */
export const lockCarried = defineEvent('lock-carried', 1, z.object({ lock }));

/** The credits that a tenant has used this month, likewise. In LEASE. */
export const usageCarried = defineEvent('usage-carried', 1, z.object({ usage: monthUsage }));
