import { lockTaken, taskAcquired, taskCompleted, type Draft, type Payload, type Task } from '@tollgate/events';
import { leaseStage } from '../lease.stage.js';
import { acquired, DAY, NOON, passed, SECOND, TENANT } from '../spec/calls.js';
import { lease, lock, reply } from '../spec/commands.js';
import { heldInDoubt, resolvedFailed } from '../spec/endings.js';
import { at, given, type LeaseStage, type Past } from '../spec/given.js';
import { begun, jobOf } from '../spec/jobs.js';
import { credits, lockAt, taskOf } from '../spec/tasks.js';

const BEFORE = NOON + SECOND;
const LONG = 30 * DAY;
const carriedFrom = (stage: LeaseStage, before = BEFORE): readonly Draft[] => [
  ...(leaseStage.keeping.carry?.(stage.state, before) ?? []),
];
const carried = (...past: readonly (Draft | Past)[]): readonly Draft[] => carriedFrom(given(...past).stage);

const locked = lockTaken.draft(TENANT, {
  lock: lockAt(NOON, { until: NOON + LONG }),
  credits: credits(0, 0),
  reply: reply('a'),
});
const leased = (changes: Partial<Task> = {}): Draft =>
  taskAcquired.draft(TENANT, { task: taskOf('a', changes), credits: credits(1, 1), reply: reply('a') });
const completedAt = (time: number, result?: Payload): Past => {
  const state = { is: 'completed', at: time, ...(result === undefined ? {} : { result }) } as const;
  return at(time, taskCompleted.draft(TENANT, { task: taskOf('a', { state }), reply: reply('z') }));
};

describe('what is carried before its journal is purged (rule 15)', () => {
  it('is a lock that still holds, and no other', () => {
    expect(carried(locked)).toMatchObject([{ type: 'lock-carried', data: { lock: { until: NOON + LONG } } }]);
    expect(carried(at(NOON + DAY, locked))).toEqual([]);
    expect(carriedFrom(given(locked).stage, NOON + LONG)).toEqual([]);
  });

  it('is a task that somebody holds, or that is remembered, and the credits of the month', () => {
    expect(carried(leased())).toMatchObject([
      { type: 'task-carried' },
      { type: 'usage-carried', data: { usage: { ai: 1 } } },
    ]);
    expect(carried(leased(), completedAt(NOON)).map(({ type }) => type)).toEqual(['task-carried', 'usage-carried']);
    const late = carriedFrom(given(leased(), completedAt(NOON)).stage, NOON + 7 * DAY);
    expect(late.map(({ type }) => type)).toEqual(['usage-carried']);
  });

  it('is nothing of a month that is over', () => {
    expect(carriedFrom(given(leased(), completedAt(NOON)).stage, Date.UTC(2026, 11, 2))).toEqual([]);
  });

  it('holds on: the lock locks, the lease has its version, the credits are used', () => {
    const { stage } = given(locked, leased({ version: 7 }));
    const next = given(...carriedFrom(stage)).stage;
    expect(next.take(lock('b'))).toMatchObject([{ type: 'lock-repeated' }]);
    expect(next.take(lease('c'), NOON + DAY)).toMatchObject([
      { type: 'task-expired' },
      { type: 'task-acquired', data: { task: { version: 8 } } },
    ]);
    expect(next.state.credits.get(TENANT)?.usage).toEqual({ month: '2026-11', make: 1, ai: 1 });
  });

  it('is a running job with the action that it waits for, which a new owner puts again', () => {
    const job = jobOf(['one', 'two']);
    const { stage } = given(leased({ job }), begun('one'));
    const next = given(...carriedFrom(stage)).stage;
    expect([...next.state.tasks.actions]).toMatchObject([['one', { leaseId: taskOf('a').leaseId }]]);
  });

  it('is the month that a call in doubt is charged to: it gives its credit back when it is resolved as failed', () => {
    const one = passed('one');
    const { stage } = given(acquired(one), heldInDoubt(one));
    const next = given(...carriedFrom(stage)).stage;
    expect(next.take(resolvedFailed(one))).toMatchObject([{ data: { how: { state: 'free', givesBack: '2026-11' } } }]);
    expect(next.state.credits.get(TENANT)?.usage.ai).toBe(0);
  });
});

describe('large results', () => {
  const place = (seq: number) => ({ stream: 'DISPATCH-0', seq, index: 0 });
  const large = (seq: number): Payload => ({ callId: 'c', place: place(seq) });

  it('of tasks and of the actions of jobs stay where they lie while their task is remembered', () => {
    const ended = [{ tool: 'pay', callId: 'one', decision: 'executed', reason: 'ok', result: large(7) }] as const;
    const job = jobOf(['one', 'two'], { ended: [...ended] });
    const other = taskAcquired.draft(TENANT, {
      task: taskOf('b', { key: 'other', job }),
      credits: credits(2, 1),
      reply: reply('b'),
    });
    const { state } = given(leased(), completedAt(NOON, large(5)), other).stage;
    expect([...(leaseStage.keeping.pointsAt?.(state) ?? [])]).toEqual([place(5), place(7)]);
  });
});
