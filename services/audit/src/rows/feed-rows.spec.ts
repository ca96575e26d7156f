import {
  commandRefused,
  finish,
  lockRepeated,
  lockTaken,
  taskAcquired,
  taskAnswered,
  taskCompleted,
  taskExpired,
  taskFailed,
  taskPolled,
  type Draft,
  type Task,
  type TaskState,
} from '@tollgate/events';
import { feedRows } from './feed-rows.js';

const AT = Date.UTC(2026, 10, 21, 12);
const TIME = '2026-11-21T12:00:00.000Z';
const reply = { commandId: 'cmd_1', gateway: 'g', stampMs: AT };
const credits = { plan: 'free', usage: 17, limit: 3_000, charged: 1 };
const lock = { key: 'k', ttlSec: 60, until: AT + 60_000, firstSeenAt: AT };

const task = (state: TaskState): Task => ({
  key: 'k',
  state,
  leaseId: 'lease_1',
  version: 2,
  ttlSec: 60,
  until: AT + 60_000,
  firstSeenAt: AT,
  acquired: { version: 2, usage: 17, charged: 1 },
});
const running = task({ is: 'in_progress' });

function listed(draft: Draft) {
  const event = finish(draft, 42, AT);
  return feedRows({ journal: 'lease', partition: 0, stream: 'LEASE-0', seq: 1, index: 0, event });
}

describe('contract 8, what GET /events lists of locks and leases', () => {
  it('a lock, and its duplicate with what it was charged', () => {
    const row = { id: 42, tenant: 't', ts: TIME, req_id: 'cmd_1', key: 'k', first_seen_at: TIME, ...credits };
    expect(listed(lockTaken.draft('t', { lock, credits, reply }))).toMatchObject([{ type: 'locked', ...row }]);
    expect(listed(lockRepeated.draft('t', { lock, credits, reply }))).toMatchObject([{ type: 'duplicate', ...row }]);
  });

  it('a lease, without the capability of its holder while it is one', () => {
    const acquired = listed(taskAcquired.draft('t', { task: running, credits, reply }));
    expect(acquired).toMatchObject([{ type: 'ai_acquired', key: 'k', version: 2, lease_id: null, done_at: null }]);
    const done = task({ is: 'completed', at: AT, resultHash: 'h' });
    const completed = listed(taskCompleted.draft('t', { task: done, reply }));
    expect(completed).toMatchObject([
      { type: 'ai_completed', lease_id: 'lease_1', done_at: TIME, result_hash: 'h', charged: null },
    ]);
  });

  it('a failure, by its holder or by the clock', () => {
    const failed = task({ is: 'failed', at: AT, errorCode: 'boom' });
    expect(listed(taskFailed.draft('t', { task: failed, reply }))).toMatchObject([
      { type: 'ai_failed', error_code: 'boom', req_id: 'cmd_1' },
    ]);
    const expired = listed(taskExpired.draft('t', { task: task({ is: 'expired', at: AT }) }));
    expect(expired).toMatchObject([{ type: 'ai_failed', error_code: 'timeout', req_id: 'evt_42', lease_id: null }]);
  });

  it('who polls, while it runs only; a repeat of what was said is nothing', () => {
    expect(listed(taskPolled.draft('t', { task: running, credits, reply }))).toMatchObject([
      { type: 'ai_in_progress' },
    ]);
    const done = task({ is: 'completed', at: AT });
    expect(listed(taskPolled.draft('t', { task: done, credits, reply }))).toEqual([]);
    expect(listed(taskAnswered.draft('t', { task: done, reply }))).toEqual([]);
  });

  it('a first answer that its holder gets again, under the same Idempotency-Key, not twice: it was charged once', () => {
    expect(listed(lockTaken.draft('t', { lock, credits, again: true, reply }))).toEqual([]);
    expect(listed(taskPolled.draft('t', { task: running, credits, asHolder: true, reply }))).toEqual([]);
  });

  it.each([
    ['lock', 'over_limit'],
    ['lease', 'ai_over_limit'],
  ] as const)('a %s without credits as %s', (does, type) => {
    const refused = { key: 'k', does, why: 'payment_required', credits, reply } as const;
    expect(listed(commandRefused.draft('t', refused))).toMatchObject([{ type, key: 'k', usage: 17, limit: 3_000 }]);
    expect(listed(commandRefused.draft('t', { ...refused, why: 'not_found' }))).toEqual([]);
  });
});
