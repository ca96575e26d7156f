import {
  commandRefused,
  type Command,
  type CommandRefusal,
  type Credits,
  type Draft,
  type Lock,
  type Task,
  type TaskState,
} from '@tollgate/events';
import { NOON, SECOND, TENANT } from './calls.js';
import { KEY, leaseOf, MINUTE_SEC, reply } from './commands.js';

/** What the stage makes of commands: as it is when `by` has leased the key at noon, for a minute. */
export const taskOf = (by: string, changes: Partial<Task> = {}): Task => ({
  key: KEY,
  state: { is: 'in_progress' },
  leaseId: leaseOf(by),
  version: 1,
  ttlSec: MINUTE_SEC,
  until: NOON + MINUTE_SEC * SECOND,
  firstSeenAt: NOON,
  acquired: { version: 1, usage: 1, charged: 1 },
  ...changes,
});

export const lockAt = (since: number, changes: Partial<Lock> = {}): Lock => ({
  key: KEY,
  ttlSec: MINUTE_SEC,
  until: since + MINUTE_SEC * SECOND,
  firstSeenAt: since,
  ...changes,
});

export const credits = (usage: number, charged: number, changes: Partial<Credits> = {}): Credits => ({
  plan: 'unlimited',
  usage,
  limit: 0,
  charged,
  ...changes,
});

export const refusedFor = (commandId: string, does: Command['does'], why: CommandRefusal, at = NOON): Draft =>
  commandRefused.draft(TENANT, { key: KEY, does, why, reply: reply(commandId, at) });

export const ended = (state: TaskState['is'], at: number): TaskState =>
  state === 'failed' ? { is: 'failed', at, errorCode: 'out_of_paper' } : ({ is: state, at } as TaskState);
