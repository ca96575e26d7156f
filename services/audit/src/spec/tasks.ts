import type { Task, TaskState } from '@tollgate/events';
import { NOON } from './events.js';

/** A key that was leased at noon, for a minute. */
export const taskIs = (state: TaskState = { is: 'in_progress' }, more: Partial<Task> = {}): Task => ({
  key: 'k',
  state,
  leaseId: 'lease_1',
  version: 1,
  ttlSec: 60,
  until: NOON + 60_000,
  firstSeenAt: NOON,
  acquired: { version: 1, usage: 1, charged: 1 },
  ...more,
});
