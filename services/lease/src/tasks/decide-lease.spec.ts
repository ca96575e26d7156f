import {
  taskAcquired,
  taskCanceled,
  taskCompleted,
  taskExpired,
  taskExtended,
  taskFailed,
  taskPolled,
  taskReset,
  type Draft,
  type Task,
} from '@tollgate/events';
import { DAY, NOON, SECOND, TENANT } from '../spec/calls.js';
import { lease, leaseOf, reply } from '../spec/commands.js';
import { at, given } from '../spec/given.js';
import { credits, ended, taskOf } from '../spec/tasks.js';

const MINUTE = 60 * SECOND;
const WEEK = 7 * DAY;
const acquired = (by: string, task: Task = taskOf(by), now = NOON): Draft =>
  taskAcquired.draft(TENANT, {
    task,
    credits: credits(task.acquired.usage, task.acquired.charged),
    reply: reply(by, now),
  });
const polled = (by: string, task: Task, now = NOON): Draft =>
  taskPolled.draft(TENANT, { task, credits: credits(1, 0), reply: reply(by, now) });

const acquiredAgain = (by: string, now: number, changes: Partial<Task>): Draft =>
  acquired(by, taskOf(by, { until: now + MINUTE, ...changes }), now);
const anew = (version: number, now: number): Partial<Task> => ({
  version,
  firstSeenAt: now,
  acquired: { version, usage: 2, charged: 1 },
});
const afterExpiry = (version: number): Partial<Task> => ({ version, acquired: { version, usage: 1, charged: 0 } });

const is = (task: Task, state: Parameters<typeof ended>[0], since = NOON): Task => ({
  ...task,
  state: ended(state, since),
});
const completed = (task: Task, since = NOON): Draft =>
  taskCompleted.draft(TENANT, { task: is(task, 'completed', since), reply: reply('z') });
const failed = (task: Task, since = NOON): Draft =>
  taskFailed.draft(TENANT, { task: is(task, 'failed', since), reply: reply('z') });

describe('lease (contract section 2)', () => {
  it('gives an unknown key to whoever asks first, as version 1, and charges it', () => {
    given().when(lease('a')).then(acquired('a'));
  });

  it('is polled by others while the holder works on it, free of charge', () => {
    given(acquired('a'))
      .when(lease('b'), NOON + SECOND)
      .then(polled('b', taskOf('a'), NOON + SECOND));
  });

  it('holds up to its deadline and not at it: then it is leased anew, first_seen_at kept, for nothing', () => {
    const past = given(acquired('a'));
    const then = NOON + MINUTE;
    past.when(lease('b'), then - 1).then(polled('b', taskOf('a'), then - 1));
    past
      .when(lease('b'), then)
      .then(
        taskExpired.draft(TENANT, { task: is(taskOf('a'), 'expired', then) }),
        acquiredAgain('b', then, afterExpiry(2)),
      );
  });

  it('is the same where the timer has said so before', () => {
    const expired = taskExpired.draft(TENANT, { task: is(taskOf('a'), 'expired', NOON + MINUTE) });
    given(acquired('a'), expired)
      .when(lease('b'), NOON + DAY)
      .then(acquiredAgain('b', NOON + DAY, afterExpiry(2)));
  });

  it('of a canceled key is a new one, charged, and the version goes on', () => {
    const canceled = taskCanceled.draft(TENANT, { task: is(taskOf('a'), 'canceled'), reply: reply('z') });
    given(acquired('a'), canceled)
      .when(lease('b'), NOON + SECOND)
      .then(acquiredAgain('b', NOON + SECOND, anew(2, NOON + SECOND)));
  });

  it.each([
    ['completed', completed],
    ['failed', failed],
  ])('of a %s key says so for seven days from its end on, whoever asks, and is free', (_how, over) => {
    const done = NOON + DAY;
    const past = given(acquired('a'), at(done, over(taskOf('a'), done)));
    const end = past.stage.state.tasks.tasks.values().next().value!.task;
    past.when(lease('b'), done + WEEK - 1).then(polled('b', end, done + WEEK - 1));
    expect(past.when(lease('b'), done + WEEK).decided).toMatchObject([
      { type: 'task-acquired', data: { task: { version: 1, leaseId: leaseOf('b') }, credits: { charged: 1 } } },
    ]);
  });

  it('of a failed key that an operator has freed is a new one (T)', () => {
    const freed = taskReset.draft(TENANT, { task: is(taskOf('a'), 'reset'), reply: reply('y') });
    given(acquired('a'), failed(taskOf('a')), freed)
      .when(lease('b'), NOON + SECOND)
      .then(acquiredAgain('b', NOON + SECOND, anew(2, NOON + SECOND)));
  });

  it('never lets the version go back while the key is remembered, by whatever it was freed', () => {
    const extended = taskOf('a', { version: 7 });
    for (const free of [
      taskExpired.draft(TENANT, { task: is(extended, 'expired') }),
      taskCanceled.draft(TENANT, { task: is(extended, 'canceled'), reply: reply('z') }),
      taskReset.draft(TENANT, { task: is(extended, 'reset'), reply: reply('z') }),
    ]) {
      const past = given(acquired('a'), taskExtended.draft(TENANT, { task: extended, reply: reply('x') }), free);
      expect(past.when(lease('b'), NOON + WEEK - 1).decided).toMatchObject([{ data: { task: { version: 8 } } }]);
      expect(past.when(lease('b'), NOON + WEEK).decided).toMatchObject([{ data: { task: { version: 1 } } }]);
    }
  });

  it('is kept from nobody by another tenant', () => {
    const other = lease('b', { tenant: 'globex', keyId: 'key_globex' });
    expect(given(acquired('a')).when(other).decided).toMatchObject([{ type: 'task-acquired', tenant: 'globex' }]);
  });
});

describe('the same Idempotency-Key (contract sections 1 and 2)', () => {
  const asked = { repeatHash: 'h1' };
  const first = acquired('a', taskOf('a', asked));

  it('gets the first answer again, lease_id and version and what it was charged: a lost answer is not a lost lease', () => {
    const longer = taskOf('a', { ...asked, version: 2, until: NOON + 2 * MINUTE });
    const extended = taskExtended.draft(TENANT, { task: longer, reply: reply('x') });
    given(first, extended)
      .when(lease('b', asked), NOON + SECOND)
      .then(
        taskPolled.draft(TENANT, {
          task: { ...longer, version: 1 },
          credits: credits(1, 1),
          reply: reply('b', NOON + SECOND),
          asHolder: true,
        }),
      );
  });

  it('of somebody else polls', () => {
    const other = lease('b', { repeatHash: 'h2' });
    given(first)
      .when(other)
      .then(polled('b', taskOf('a', asked)));
  });

  it('leases anew where its lease has expired meanwhile', () => {
    const then = NOON + MINUTE;
    expect(given(first).when(lease('b', asked), then).decided).toMatchObject([
      { type: 'task-expired' },
      { type: 'task-acquired', data: { task: { leaseId: leaseOf('b'), version: 2 }, credits: { charged: 0 } } },
    ]);
  });

  it('never runs what is finished again', () => {
    const done = is(taskOf('a', asked), 'completed');
    given(first, taskCompleted.draft(TENANT, { task: done, reply: reply('z') }))
      .when(lease('b', asked))
      .then(polled('b', done));
  });
});
