import {
  taskAcquired,
  taskAnswered,
  taskCanceled,
  taskCompleted,
  taskExpired,
  taskExtended,
  taskFailed,
  taskReset,
  type Draft,
  type Payload,
  type Task,
} from '@tollgate/events';
import { DAY, NOON, SECOND, TENANT } from '../spec/calls.js';
import { cancel, complete, extend, fail, lease, leaseOf, reply, reset } from '../spec/commands.js';
import { at, given } from '../spec/given.js';
import { credits, ended, refusedFor, taskOf } from '../spec/tasks.js';

const MINUTE = 60 * SECOND;
const WEEK = 7 * DAY;
const SOON = NOON + SECOND;
const held = taskAcquired.draft(TENANT, { task: taskOf('a'), credits: credits(1, 1), reply: reply('a') });
const is = (state: Parameters<typeof ended>[0], since: number): Task => taskOf('a', { state: ended(state, since) });
const expired = at(NOON + MINUTE, taskExpired.draft(TENANT, { task: is('expired', NOON + MINUTE) }));

const completed = (by: string, now = SOON): Draft =>
  taskCompleted.draft(TENANT, { task: is('completed', now), reply: reply(by, now) });
const failed = (by: string, now = SOON): Draft =>
  taskFailed.draft(TENANT, { task: is('failed', now), reply: reply(by, now) });
const canceled = (by: string, now = SOON): Draft =>
  taskCanceled.draft(TENANT, { task: is('canceled', now), reply: reply(by, now) });
const extended = (by: string, now: number, ttlSec: number): Draft =>
  taskExtended.draft(TENANT, {
    task: taskOf('a', { version: 2, ttlSec, until: now + ttlSec * SECOND }),
    reply: reply(by, now),
  });

describe('the holder of a lease (contract section 2)', () => {
  it('extends it from now on, by its own ttl unless it says another, and raises the version', () => {
    given(held)
      .when(extend('b', 'a'), SOON)
      .then(extended('b', SOON, 60));
    given(held)
      .when(extend('b', 'a', { ttlSec: 600 }), SOON)
      .then(extended('b', SOON, 600));
  });

  it('completes, fails or cancels it; none of them raises the version', () => {
    given(held).when(complete('b', 'a'), SOON).then(completed('b'));
    given(held).when(fail('b', 'a'), SOON).then(failed('b'));
    given(held).when(cancel('b', 'a'), SOON).then(canceled('b'));
  });

  it('has its hash stored as it was sent, and a small result along with it', () => {
    const result: Payload = { callId: 'cmd', inline: { k: 'k', b: 'small' } };
    const { decided } = given(held).when(complete('b', 'a', { result, resultHash: 'whatever' }), SOON);
    expect(decided).toMatchObject([{ data: { task: { state: { result, resultHash: 'whatever' } } } }]);
  });

  it('has a large result kept where it lies: it does not travel with every answer', () => {
    const result: Payload = { callId: 'cmd', inline: { k: 'k', b: 'x'.repeat(9_000) } };
    const { decided } = given(held).when(complete('b', 'a', { result }), SOON);
    const place = { stream: 'DISPATCH-0', seq: 1, index: 0 };
    expect(decided).toMatchObject([{ data: { task: { state: { result: { callId: 'cmd', place } } } } }]);
  });

  it.each([
    ['complete', complete, completed],
    ['fail', fail, failed],
    ['cancel', cancel, canceled],
  ])('that says %s again is answered the same again, whatever it sends along', (_word, say, said) => {
    const { stage } = given(held, at(SOON, said('b')));
    const [again] = stage.take(say('c', 'a'), SOON + SECOND);
    const [, { data }] = stage.journal as [unknown, { data: { task: Task } }];
    expect(again).toEqual(taskAnswered.draft(TENANT, { task: data.task, reply: reply('c', SOON + SECOND) }));
  });

  it.each([
    ['completed', completed, [extend, fail, cancel]],
    ['failed', failed, [extend, complete, cancel]],
    ['canceled', canceled, [extend, complete, fail]],
  ])('that has %s it may say nothing else: lease_finished', (_how, said, others) => {
    const past = given(held, at(SOON, said('b')));
    for (const say of others) {
      const input = say('c', 'a');
      const { does } = (input.data as { command: { does: 'extend' | 'complete' | 'fail' | 'cancel' } }).command;
      past.when(input, SOON).then(refusedFor('c', does, 'lease_finished', SOON));
    }
  });

  it('is forgotten seven days after the end', () => {
    const past = given(held, at(SOON, completed('b')));
    expect(past.when(complete('c', 'a'), SOON + WEEK - 1).decided).toMatchObject([{ type: 'task-answered' }]);
    past.when(complete('c', 'a'), SOON + WEEK).then(refusedFor('c', 'complete', 'not_found', SOON + WEEK));
  });
});

describe('anybody else (contract section 2)', () => {
  const WORDS = [
    ['extend', extend],
    ['complete', complete],
    ['fail', fail],
    ['cancel', cancel],
  ] as const;

  it.each(WORDS)('that says %s with another lease_id: lease_mismatch', (does, say) => {
    given(held)
      .when(say('c', 'b'))
      .then(refusedFor('c', does, 'lease_mismatch'));
    given(held, at(SOON, completed('b')))
      .when(say('c', 'b'))
      .then(refusedFor('c', does, 'lease_mismatch'));
  });

  it.each(WORDS)('that held it before somebody else leased it, and says %s: lease_mismatch', (does, say) => {
    const { stage } = given(held, expired);
    stage.take(lease('b'), NOON + DAY);
    expect(stage.take(say('c', 'a'), NOON + DAY)).toEqual([refusedFor('c', does, 'lease_mismatch', NOON + DAY)]);
  });

  it.each(WORDS)('that says %s of a key that nobody has leased, or another tenant: not_found', (does, say) => {
    given()
      .when(say('c', 'a'))
      .then(refusedFor('c', does, 'not_found'));
    const stranger = say('c', 'a', { tenant: 'globex', keyId: 'key_globex' });
    expect(given(held).when(stranger).decided).toMatchObject([
      { type: 'command-refused', tenant: 'globex', data: { why: 'not_found' } },
    ]);
  });
});

describe('a holder that comes back after the deadline (contract section 2)', () => {
  const late = NOON + MINUTE;

  it.each([
    ['though the timer has not said so yet', [held]],
    ['', [held, expired]],
  ])('may extend and complete as long as nobody else has leased it %s', (_when, past) => {
    const back = given(...past);
    back.when(extend('b', 'a'), late).then(extended('b', late, 60));
    back.when(complete('b', 'a'), late).then(completed('b', late));
  });

  it.each([
    ['though the timer has not said so yet', [held]],
    ['', [held, expired]],
  ])('may not fail or cancel: it has failed already, by timeout %s', (_when, past) => {
    const back = given(...past);
    back.when(fail('b', 'a'), late).then(refusedFor('b', 'fail', 'lease_finished', late));
    back.when(cancel('b', 'a'), late).then(refusedFor('b', 'cancel', 'lease_finished', late));
  });

  it('holds it again once it has extended: others poll', () => {
    const { stage } = given(held, expired);
    stage.take(extend('b', 'a'), late);
    expect(stage.take(lease('c'), late)).toMatchObject([{ type: 'task-polled', data: { task: { version: 2 } } }]);
  });

  it('is forgotten seven days after it was seen to be late', () => {
    const past = given(held, expired);
    expect(past.when(extend('b', 'a'), late + WEEK - 1).decided).toMatchObject([{ type: 'task-extended' }]);
    past.when(extend('b', 'a'), late + WEEK).then(refusedFor('b', 'extend', 'not_found', late + WEEK));
  });
});

describe('reset (contract section 2, T)', () => {
  const freed = (task: Task, by: string): Draft =>
    taskReset.draft(TENANT, { task: { ...task, state: { is: 'reset', at: SOON } }, reply: reply(by, SOON) });

  it('frees a failed key; the same again is answered the same again', () => {
    const { stage } = given(held, at(NOON, failed('b', NOON)));
    expect(stage.take(reset('c'), SOON)).toEqual([freed(is('failed', NOON), 'c')]);
    expect(stage.take(reset('d'), SOON)).toMatchObject([{ type: 'task-answered' }]);
  });

  it.each([
    ['expired', expired],
    ['canceled', at(NOON, canceled('b', NOON))],
  ])('also frees one that is %s, which says failed, too', (_state, past) => {
    const task = given(held, past).stage.state.tasks.tasks.values().next().value!.task;
    given(held, past).when(reset('c'), SOON).then(freed(task, 'c'));
  });

  it('also frees one whose deadline has passed just now', () => {
    const now = NOON + MINUTE;
    const late = is('expired', now);
    given(held)
      .when(reset('c'), now)
      .then(
        taskExpired.draft(TENANT, { task: late }),
        taskReset.draft(TENANT, { task: { ...late, state: { is: 'reset', at: now } }, reply: reply('c', now) }),
      );
  });

  it.each([
    ['that somebody holds', []],
    ['that is completed', [at(NOON, completed('b', NOON))]],
  ])('frees no key %s', (_which, past) => {
    given(held, ...past)
      .when(reset('c'))
      .then(refusedFor('c', 'reset', 'not_failed'));
  });

  it('of a key that nobody knows: not_found; and a key that was freed is unknown to its holder', () => {
    given()
      .when(reset('c'))
      .then(refusedFor('c', 'reset', 'not_found'));
    const { stage } = given(held, at(NOON, failed('b', NOON)));
    stage.take(reset('c'));
    expect(stage.take(fail('d', 'a'))).toEqual([refusedFor('d', 'fail', 'not_found')]);
  });

  it('needs an admin key', () => {
    given(held, at(NOON, failed('b', NOON)))
      .when(reset('c', { keyId: 'key_1' }))
      .then(refusedFor('c', 'reset', 'invalid_api_key'));
  });
});

describe('a lease_id', () => {
  it('is what the gateway minted for the command that acquired it', () => {
    expect(given().when(lease('a')).decided).toMatchObject([{ data: { task: { leaseId: leaseOf('a') } } }]);
  });
});
