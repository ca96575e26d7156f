import {
  blocked,
  blockedOutcome,
  failed,
  failedOutcome,
  holdEnded,
  inputParked,
  NO_TENANT,
  ownerChanged,
  policyPassed,
  refusedOutcome,
  taskAcquired,
  type Draft,
  type EndedAction,
  type Job,
} from '@tollgate/events';
import { leaseStage } from '../lease.stage.js';
import { acquired, DEADLINE, HOUR, NOON, SECOND, TENANT } from '../spec/calls.js';
import { cancel, complete, extend, fail, lease, reply, reset } from '../spec/commands.js';
import {
  completed,
  endedBlocked,
  endedExecuted,
  endedFailed,
  endedInDoubt,
  freed,
  heldInDoubt,
  resolvedExecuted,
  saidOf,
} from '../spec/endings.js';
import { given, planIs, type LeaseStage } from '../spec/given.js';
import { begun, callOf, jobCompleted, jobFailed, jobOf, notRun, over, ran } from '../spec/jobs.js';
import { credits, taskOf } from '../spec/tasks.js';
import { isHere } from './jobs.js';

const ONE = jobOf(['one']);
const TWO = jobOf(['one', 'two']);
const leased = (job: Job): Draft =>
  taskAcquired.draft(TENANT, { task: taskOf('a', { job }), credits: credits(1, 1), reply: reply('a') });
const passes = (callId: string): Draft => policyPassed.draft(TENANT, callOf(callId));
const types = (drafts: readonly Draft[]): string[] => drafts.map(({ type }) => type);
const taskIn = ({ state }: LeaseStage) => state.tasks.tasks.values().next().value?.task;
const settledAt = (callId: string, now = NOON): Draft => completed(callOf(callId), now + HOUR);

describe('a job (contract 3.2)', () => {
  it('is leased, charged, and its first action begins in the same append', () => {
    given()
      .when(lease('a', { job: TWO }))
      .then(leased(TWO), begun('one'));
  });

  it('runs one action after the other, each noted with its result before the next one begins', () => {
    const { stage } = given(leased(TWO), begun('one'));
    expect(stage.take(passes('one'))).toEqual([acquired(callOf('one'))]);
    expect(stage.take(endedExecuted(callOf('one')))).toEqual([settledAt('one'), over(ran('one')), begun('two')]);
    stage.take(passes('two'));
    expect(stage.take(endedExecuted(callOf('two')))).toEqual([
      settledAt('two'),
      over(ran('two')),
      jobCompleted({ ...TWO, ended: [ran('one'), ran('two')] }),
    ]);
    expect(stage.state.tasks.actions.size).toBe(0);
  });

  it('without actions completes at once, with an empty list', () => {
    const none = jobOf([]);
    given()
      .when(lease('a', { job: none }))
      .then(leased(none), jobCompleted(none));
  });

  it('of another caller is attached to: polled, or answered with what became of it', () => {
    const { stage } = given(leased(ONE), begun('one'));
    const other = jobOf(['other']);
    expect(stage.take(lease('b', { job: other }))).toMatchObject([{ type: 'task-polled' }]);
    stage.take(passes('one'));
    stage.take(endedExecuted(callOf('one')));
    expect(stage.take(lease('c', { job: other }))).toMatchObject([
      { type: 'task-polled', data: { task: { state: { is: 'completed' }, job: { ended: [ran('one')] } } } },
    ]);
    expect([...stage.state.tasks.actions]).toEqual([]);
  });

  it('does not expire while it runs, however short its ttl', () => {
    const { stage } = given(leased(ONE), begun('one'));
    expect(leaseStage.wakeAt(stage.state)).toBeUndefined();
    expect(stage.take('timer', NOON + 100 * HOUR)).toEqual([]);
    expect(stage.take(lease('b'), NOON + 100 * HOUR)).toMatchObject([{ type: 'task-polled' }]);
    expect(stage.take(extend('c', 'a'), NOON + 100 * HOUR)).toMatchObject([{ type: 'task-extended' }]);
  });

  it('runs only for whoever acquires the key: a key that is held plainly, or is finished, runs nothing', () => {
    const { stage } = given();
    stage.take(lease('a'));
    expect(types(stage.take(lease('b', { job: ONE })))).toEqual(['task-polled']);
    stage.take(complete('c', 'a'));
    expect(types(stage.take(lease('d', { job: ONE })))).toEqual(['task-polled']);
  });
});

describe('the first blocked or failed action ends the job failed (contract 3.2)', () => {
  const started = [leased(TWO), begun('one')];
  const endsAs = (code: string, ended: EndedAction) => [over(ended), jobFailed({ ...TWO, ended: [ended] }, code)];

  it('blocked by policy', () => {
    const end = blocked.draft(TENANT, { call: callOf('one').call, outcome: blockedOutcome('agent_disabled') });
    given(...started)
      .when({ byPolicy: end })
      .then(...endsAs('policy_blocked', notRun('one', 'blocked', 'agent_disabled')));
  });

  it.each(['tool_not_found', 'tool_disabled'] as const)('refused by policy: %s', (reason) => {
    const end = failed.draft(TENANT, { call: callOf('one').call, outcome: refusedOutcome(reason) });
    given(...started)
      .when({ byPolicy: end })
      .then(...endsAs(reason, notRun('one', 'failed', reason)));
  });

  it('refused by policy for a key that was revoked since', () => {
    const end = failed.draft(TENANT, { call: callOf('one').call, outcome: refusedOutcome('invalid_api_key') });
    given(...started)
      .when({ byPolicy: end })
      .then(...endsAs('tool_error', notRun('one', 'failed', 'invalid_api_key')));
  });

  it('blocked by a cap of the budget', () => {
    const one = notRun('one', 'blocked', 'max_actions_per_hour_exceeded');
    given(...started, acquired(callOf('one')))
      .when(endedBlocked(callOf('one')))
      .then(freed(callOf('one')), ...endsAs('policy_blocked', one));
  });

  it('failed at the dispatcher', () => {
    const one = { ...notRun('one', 'failed', 'tool_error'), error: { code: 'tool_error', status: 422 } };
    given(...started, acquired(callOf('one')))
      .when(endedFailed(callOf('one')))
      .then(freed(callOf('one')), ...endsAs('tool_error', one));
  });

  it('unknown: nobody goes on behind it, and how it is resolved changes nothing more', () => {
    const one = { ...notRun('one', 'failed', 'outcome_unknown'), error: { code: 'timeout', status: null } };
    const { stage } = given(...started, acquired(callOf('one')));
    expect(stage.take(endedInDoubt(callOf('one')))).toEqual([
      heldInDoubt(callOf('one')),
      ...endsAs('outcome_unknown', one),
    ]);
    expect(stage.take(resolvedExecuted(callOf('one')))).toEqual([settledAt('one')]);
  });
});

describe('an action that this very stage ends', () => {
  it('is a repeat of what was done before: the job goes on with its result', () => {
    const before = { ...callOf('one'), call: { ...callOf('one').call, callId: 'before' } };
    const { stage } = given(acquired(before), completed(before, NOON + HOUR), leased(TWO), begun('one'));
    expect(types(stage.take(passes('one')))).toEqual(['deduplicated']);
    expect(leaseStage.wakeAt(stage.state)).toBe(0);
    const [noted, next] = stage.take('timer');
    expect(noted).toMatchObject({ type: 'action-ended', data: { ended: { decision: 'dedup', callId: 'one' } } });
    expect(next).toEqual(begun('two'));
    expect(stage.take('timer')).toEqual([]);
  });

  it('may have waited for somebody who did the same', () => {
    const other = { ...callOf('one'), call: { ...callOf('one').call, callId: 'other' } };
    const { stage } = given(acquired(other), leased(ONE), begun('one'));
    expect(types(stage.take(passes('one')))).toEqual(['lease-waiting']);
    expect(stage.take('timer')).toEqual([]);
    stage.take(endedExecuted(other));
    expect(types(stage.take('timer'))).toEqual(['deduplicated']);
    expect(types(stage.take('timer'))).toEqual(['action-ended', 'task-completed']);
  });

  it('ends it at its deadline', () => {
    const { stage } = given(leased(ONE), begun('one'));
    const late = policyPassed.draft(TENANT, callOf('one'));
    expect(types(stage.take(late, NOON + DEADLINE))).toEqual(['failed']);
    expect(stage.take('timer', NOON + DEADLINE)).toMatchObject([
      { type: 'action-ended', data: { ended: { error: { code: 'expired' } } } },
      { type: 'task-failed', data: { task: { state: { errorCode: 'tool_error' } } } },
    ]);
  });

  it('refuses it for want of credits, which blocks it', () => {
    const { stage } = given(planIs('tiny'), leased(TWO), begun('one'));
    stage.fold(acquired(callOf('somebody')), NOON);
    stage.take(passes('one'));
    expect(types(stage.take({ looked: 'one' }))).toEqual(['blocked']);
    expect(stage.take('timer')).toMatchObject([
      { type: 'action-ended', data: { ended: { reason: 'payment_required' } } },
      { type: 'task-failed', data: { task: { state: { errorCode: 'policy_blocked' } } } },
    ]);
  });

  it('cannot read: the job ends with what is true of it (rule 14)', () => {
    const { stage } = given(leased(ONE), begun('one'), acquired(callOf('one')));
    const where = { source: 'dispatch', stream: 'DISPATCH-0', seq: 7, index: 0, callId: 'one' };
    const parked = (inputType: string): Draft =>
      inputParked.draft(TENANT, { ...where, code: 'decision_failed', inputType });
    stage.fold(parked('attempt-ended'), NOON);
    expect(stage.take('timer')).toEqual([]);
    stage.fold(parked('executed'), NOON);
    expect(stage.take('timer')).toMatchObject([
      { type: 'action-ended', data: { ended: { tool: 'pay', error: { code: 'internal_error' } } } },
      { type: 'task-failed', data: { task: { state: { errorCode: 'outcome_unknown' } } } },
    ]);
  });

  it('cannot even tell from another event, and nobody says anything of: the job ends with the hold of its call', () => {
    const { stage } = given(leased(ONE), begun('one'), acquired(callOf('one')));
    expect(stage.take(holdEnded.draft(TENANT, { callId: 'one' }))).toMatchObject([
      { type: 'lease-settled' },
      { type: 'action-ended', data: { ended: { tool: 'pay', error: { code: 'internal_error' } } } },
      { type: 'task-failed', data: { task: { state: { errorCode: 'outcome_unknown' } } } },
    ]);
    expect(stage.take(holdEnded.draft(TENANT, { callId: 'one' }))).toEqual([]);
  });

  it.each([
    ['executed', { decision: 'executed', reason: 'ok' }, begun('two')],
    ['failed', { decision: 'failed', reason: 'tool_error' }, { type: 'task-failed' }],
  ] as const)('cannot even tell from another event: an operator says that it %s (rule 14)', (says, ended, next) => {
    const { stage } = given(leased(TWO), begun('one'), acquired(callOf('one')));
    expect(stage.take(saidOf(callOf('one'), 'nothing'))).toEqual([]);
    expect(stage.take(saidOf(callOf('one'), says, 'still_open'))).toEqual([]);
    expect(stage.take(saidOf(callOf('one'), says))).toMatchObject([
      { type: 'lease-settled' },
      { type: 'action-ended', data: { ended: { tool: 'pay', callId: 'one', ...ended } } },
      next,
    ]);
    expect(stage.take(saidOf(callOf('one'), says))).toEqual([]);
  });
});

describe('the holder of a running job (contract 3.2)', () => {
  const started = [leased(TWO), begun('one'), acquired(callOf('one'))];

  it('may extend it', () => {
    const { stage } = given(...started);
    stage.take(extend('b', 'a', { ttlSec: 600 }));
    expect(stage.take(endedExecuted(callOf('one')))).toEqual([settledAt('one'), over(ran('one')), begun('two')]);
    expect(taskIn(stage)).toMatchObject({ version: 2, ttlSec: 600, state: { is: 'in_progress' } });
  });

  it.each([
    ['complete', complete, 'completed'],
    ['fail', fail, 'failed'],
    ['cancel', cancel, 'canceled'],
  ])('stops it by %s before the next action; what is under way is noted', (_word, say, is) => {
    const { stage } = given(...started);
    expect(stage.take(say('b', 'a'))).toHaveLength(1);
    expect(stage.take(endedExecuted(callOf('one')))).toEqual([settledAt('one'), over(ran('one'))]);
    expect(taskIn(stage)).toMatchObject({ state: { is }, job: { ended: [ran('one')] } });
    expect(stage.state.tasks.actions.size).toBe(0);
    expect(leaseStage.wakeAt(stage.state)).toBeUndefined();
  });

  it('is answered the same again where the job has completed of itself', () => {
    const { stage } = given(leased(ONE), begun('one'), acquired(callOf('one')));
    stage.take(endedExecuted(callOf('one')));
    expect(stage.take(complete('b', 'a'))).toMatchObject([{ type: 'task-answered' }]);
    expect(stage.take(extend('c', 'a'))).toMatchObject([{ data: { why: 'lease_finished' } }]);
  });

  it('that canceled it leaves its open action to itself: whoever leases the key next has a job of his own', () => {
    const { stage } = given(...started);
    stage.take(cancel('b', 'a'));
    const mine = jobOf(['mine']);
    expect(stage.take(lease('c', { job: mine }))[1]).toEqual(begun('mine', 'c'));
    expect(stage.take(endedExecuted(callOf('one')))).toEqual([settledAt('one'), over(ran('one'))]);
    expect(taskIn(stage)?.job).toMatchObject({ ended: [] });
    expect([...stage.state.tasks.actions.keys()]).toEqual(['mine']);
  });

  it('may have it run again once an operator has freed it', () => {
    const { stage } = given(...started);
    stage.take(endedFailed(callOf('one')));
    stage.take(reset('b'));
    expect(types(stage.take(lease('c', { job: jobOf(['again']) })))).toEqual(['task-acquired', 'action-begun']);
  });
});

describe('a dry run (contract 3.2)', () => {
  const dry = (ended: readonly EndedAction[]): Job => jobOf([], { dryRun: true, ended: [...ended] });
  const would: EndedAction = { tool: 'pay', callId: 'one', decision: 'dry_run', reason: 'ok' };

  it('begins nothing: what would happen is its result', () => {
    given()
      .when(lease('a', { job: dry([would]) }))
      .then(leased(dry([would])), jobCompleted(dry([would])));
  });

  it('says how the job would fail', () => {
    const job = dry([would, notRun('two', 'blocked', 'tool_explicitly_blocked')]);
    given().when(lease('a', { job })).then(leased(job), jobFailed(job, 'policy_blocked'));
  });
});

describe('a crash (rule 18)', () => {
  const crash = ownerChanged.draft(NO_TENANT, { owner: 'other', epoch: 'e2' });

  it('leaves the open action to the new owner, who knows that it must put it again, under the same id', () => {
    const { stage } = given(leased(TWO), begun('one'));
    expect([...stage.state.tasks.actions]).toMatchObject([['one', { begunAt: NOON }]]);
    expect(stage.state.tasks.actions.get('one')?.inherited).toBeUndefined();
    stage.fold(crash, NOON + SECOND);
    expect([...stage.state.tasks.actions]).toMatchObject([['one', { inherited: true }]]);
  });

  it('goes on behind the last finished action', () => {
    const { stage } = given(leased(TWO), begun('one'), acquired(callOf('one')), over(ran('one')), begun('two'), crash);
    expect([...stage.state.tasks.actions.keys()]).toEqual(['two']);
    stage.take(passes('two'));
    const job = { ...TWO, ended: [ran('one'), ran('two')] };
    expect(stage.take(endedExecuted(callOf('two')))).toEqual([settledAt('two'), over(ran('two')), jobCompleted(job)]);
  });

  it('between the end of an action in this stage and its note goes on by the timer', () => {
    const before = { ...callOf('one'), call: { ...callOf('one').call, callId: 'before' } };
    const { stage } = given(acquired(before), completed(before, NOON + HOUR), leased(TWO), begun('one'));
    stage.take(passes('one'));
    stage.fold(crash, NOON);
    // So the new owner does not put it again.
    expect(isHere(stage.state, 'one')).toBe(true);
    expect(types(stage.take('timer'))).toEqual(['action-ended', 'action-begun']);
  });
});

describe('an ending of a call that is no action', () => {
  it('concerns no job', () => {
    const call = callOf('elsewhere').call;
    const end = failed.draft(TENANT, { call, outcome: failedOutcome('expired') });
    given(leased(ONE), begun('one')).when({ byPolicy: end }).then();
    given(leased(ONE), begun('one'))
      .when(endedExecuted(callOf('elsewhere')))
      .then();
  });

  it('is of no job either where its action has ended already', () => {
    const { stage } = given(leased(TWO), begun('one'), acquired(callOf('one')));
    stage.take(endedExecuted(callOf('one')));
    expect(stage.take(endedExecuted(callOf('one')))).toEqual([]);
    expect(stage.take({ byPolicy: endedBlocked(callOf('one')) })).toEqual([]);
  });
});
