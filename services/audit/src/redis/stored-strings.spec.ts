import { taskAcquired, taskFailed } from '@tollgate/events';
import { decodeStoredTask, taskKey } from '@tollgate/store';
import { eventAt, NOON, recordedAt } from '../spec/events.js';
import { taskIs } from '../spec/tasks.js';
import { storedStrings } from './stored-strings.js';

const DAY_MS = 86_400_000;
const reply = { commandId: 'cmd_1', gateway: 'g', stampMs: NOON };
const credits = { plan: 'free', usage: 17, limit: 3_000, charged: 1 };
const acquired = eventAt(
  'lease',
  0,
  taskAcquired.draft('acme', { task: taskIs({ is: 'in_progress' }), credits, reply }),
);
const failed = eventAt(
  'lease',
  5,
  taskFailed.draft('acme', { task: taskIs({ is: 'failed', at: NOON + 5, errorCode: 'x' }), reply }),
);

/** The string of the key after both events, projected `days` later. */
function storedAfter(days: number): { is: string; expiresMs: number } | undefined {
  const recorded = [acquired, failed].map((event) => recordedAt('lease', event));
  const stored = storedStrings(recorded, NOON + 5 + days * DAY_MS).get(taskKey('acme', 'k'));
  return stored && { is: decodeStoredTask(stored.value).state.is, expiresMs: stored.expiresMs };
}

describe('a task in Redis', () => {
  it('that is over goes seven days after its end', () => {
    expect(storedAfter(2)).toEqual({ is: 'failed', expiresMs: 5 * DAY_MS });
  });

  it('that is forgotten by the time it is projected goes at once, and does not stay as it was before its end', () => {
    expect(storedAfter(8)).toEqual({ is: 'failed', expiresMs: 1 });
  });
});
