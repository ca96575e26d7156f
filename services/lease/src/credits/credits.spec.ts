import {
  blocked,
  blockedOutcome,
  commandRefused,
  creditsChecking,
  holdEnded,
  type leaseSettled,
  lockRepeated,
  ownerChanged,
  NO_TENANT,
  policyPassed,
  taskAcquired,
  taskExpired,
  type DataOf,
  type Draft,
  type PassedCall,
} from '@tollgate/events';
import { acquired, DAY, DEADLINE, HOUR, NOON, passed, SECOND, TENANT, waiting } from '../spec/calls.js';
import { KEY, lease, lock, reply } from '../spec/commands.js';
import {
  completed,
  dedup,
  endedBlocked,
  endedExecuted,
  endedFailed,
  endedInDoubt,
  expired,
  resolvedExecuted,
  resolvedFailed,
} from '../spec/endings.js';
import { at, given, planIs, type Input, type LeaseStage, type Past } from '../spec/given.js';
import { credits, ended, lockAt, taskOf } from '../spec/tasks.js';
import { monthOf, usageIn } from './credits.state.js';

const [first, second, third] = ['first', 'second', 'third'].map((callId) =>
  passed(callId, { terms: { dedupHash: `arguments of ${callId}` }, call: { deadline: NOON + 60 * DAY } }),
) as [PassedCall, PassedCall, PassedCall];
const arrives = (one: PassedCall): Draft => policyPassed.draft(TENANT, one);
const checks = (one: PassedCall): Draft => creditsChecking.draft(TENANT, { id: one.call.callId, passed: one });
const refused = ({ call }: PassedCall, usage = 2): Draft =>
  blocked.draft(TENANT, {
    call,
    outcome: { ...blockedOutcome('payment_required'), credits: { plan: 'tiny', usage, limit: 2 } },
  });
const usedIn = ({ state }: LeaseStage, now = NOON): number => usageIn(state.credits, TENANT, monthOf(now)).ai;
const usedAfter = (past: readonly (Draft | Past)[], input?: Input): number => {
  const { stage } = given(...past);
  if (input !== undefined) stage.take(input);
  return usedIn(stage);
};

describe('ai credits of calls (contract section 7)', () => {
  it('are used when a call is admitted, by no wait and by no repeat', () => {
    expect(usedAfter([acquired(first)])).toBe(1);
    expect(usedAfter([acquired(first), waiting(second)])).toBe(1);
    expect(usedAfter([acquired(first), completed(first, NOON + HOUR)], arrives(first))).toBe(1);
  });

  it('stay used by what was executed, and by what is in doubt', () => {
    expect(usedAfter([acquired(first)], endedExecuted(first))).toBe(1);
    expect(usedAfter([acquired(first)], endedInDoubt(first))).toBe(1);
  });

  it.each([
    ['failed', endedFailed],
    ['blocked behind the lease', endedBlocked],
  ])('are given back by what has %s (rule 11)', (_how, end) => {
    expect(usedAfter([acquired(first), acquired(second)], end(first))).toBe(1);
  });

  it('are given back where a call in doubt was resolved as failed, or nobody knows after 30 days', () => {
    const { stage } = given(acquired(first));
    stage.take(endedInDoubt(first));
    expect(usedIn(stage)).toBe(1);
    stage.take(resolvedFailed(first));
    expect(usedIn(stage)).toBe(0);
    const { stage: other } = given(acquired(first));
    other.take(endedInDoubt(first));
    other.take(holdEnded.draft(TENANT, { callId: 'first' }));
    expect(usedIn(other)).toBe(0);
  });

  it('are not given back twice, nor by what was resolved as executed', () => {
    const { stage } = given(acquired(first), acquired(second));
    stage.take(endedFailed(first));
    expect(stage.take(endedFailed(first))).toEqual([]);
    expect(usedIn(stage)).toBe(1);
    stage.take(endedInDoubt(second));
    stage.take(resolvedExecuted(second));
    expect(usedIn(stage)).toBe(1);
  });

  it('of a tool that does not deduplicate are given back, too', () => {
    const own = passed('own', { terms: { windowSec: 0 } });
    expect(usedAfter([acquired(own)], endedFailed(own))).toBe(0);
    expect(usedAfter([acquired(own)], endedExecuted(own))).toBe(1);
  });

  it('are kept by tenant, and apart from those of check-lock', () => {
    const duplicate = lockRepeated.draft(TENANT, { lock: lockAt(NOON), credits: credits(1, 1), reply: reply('x') });
    const { stage } = given(acquired(first), duplicate);
    expect(stage.state.credits.get(TENANT)?.usage).toEqual({ month: '2026-11', make: 1, ai: 1 });
    expect(usageIn(stage.state.credits, 'globex', '2026-11').ai).toBe(0);
  });
});

describe('at the limit of its plan (contract section 7)', () => {
  const full = [planIs('tiny'), acquired(first), acquired(second)];

  it('a call is refused, once it is known what was given back until now (rule 11)', () => {
    const { stage } = given(...full);
    expect(stage.take(arrives(third))).toEqual([checks(third)]);
    expect(stage.take({ looked: 'third' })).toEqual([refused(third)]);
    expect(stage.take({ looked: 'third' })).toEqual([]);
  });

  it('a call that fits after all is admitted', () => {
    const { stage } = given(...full);
    stage.take(arrives(third));
    stage.take(endedFailed(first));
    expect(stage.take({ looked: 'third' })).toEqual([acquired(third)]);
    expect(usedIn(stage)).toBe(2);
  });

  it('a repeat costs nothing, and is not refused', () => {
    const again = passed('again', { terms: { dedupHash: first.terms.dedupHash } });
    given(...full, completed(first, NOON + HOUR))
      .when(arrives(again))
      .then(dedup(again, first));
    given(...full)
      .when(arrives(again))
      .then(waiting(again));
  });

  it('a call that has waited for the look past its deadline ends expired', () => {
    const short = passed('short', { terms: { dedupHash: 'other' } });
    const { stage } = given(...full);
    stage.take(arrives(short));
    expect(stage.take({ looked: 'short' }, NOON + DEADLINE)).toEqual([expired(short)]);
  });

  it('those that wait for a holder that fails pass the limit one by one, as new calls do', () => {
    const waiters = ['w1', 'w2'].map((id) => passed(id, { terms: { dedupHash: first.terms.dedupHash } }));
    const { stage } = given(...full, ...waiters.map(waiting));
    stage.take(arrives(third));
    stage.take(endedFailed(first));
    // One place is free again: the first of those that wait takes it, the other one waits for that.
    expect(stage.take('timer')).toMatchObject([{ type: 'lease-acquired', data: { call: { callId: 'w1' } } }]);
    expect(stage.take({ looked: 'third' })).toEqual([refused(third)]);
    expect(stage.take(endedExecuted(waiters[0]!))).toHaveLength(1);
    expect(stage.take('timer')).toMatchObject([{ type: 'deduplicated', data: { call: { callId: 'w2' } } }]);
  });

  it('those that wait for several keys that are freed at once do not share the last credit', () => {
    const waitersOf = (one: PassedCall) => passed(`waits for ${one.call.callId}`, { terms: one.terms });
    const { stage } = given(...full, waiting(waitersOf(first)), waiting(waitersOf(second)));
    stage.state.credits.set(TENANT, { usage: { month: '2026-11', make: 0, ai: 3 }, since: NOON });
    stage.take(endedFailed(first));
    stage.take(endedFailed(second));
    expect(usedIn(stage)).toBe(1);
    expect(stage.take('timer').map(({ type }) => type)).toEqual(['lease-acquired', 'credits-checking']);
    expect(usedIn(stage)).toBe(2);
  });

  it('those that wait are refused where somebody else was faster', () => {
    const waiter = passed('w1', { terms: { dedupHash: first.terms.dedupHash }, call: { waitUntil: NOON + DAY } });
    const { stage } = given(...full, waiting(waiter));
    stage.take(endedFailed(first));
    stage.take(arrives(third));
    expect(stage.take('timer')).toEqual([checks(waiter)]);
    expect(stage.take({ looked: 'w1' })).toEqual([refused(waiter)]);
    expect([stage.state.waiting.size, stage.state.settling.size, stage.state.checking.size]).toEqual([0, 0, 0]);
  });

  it('those that wait are refused one after the other, not sent behind each other', () => {
    const waiters = ['w1', 'w2', 'w3'].map((id) =>
      passed(id, { terms: { dedupHash: first.terms.dedupHash }, call: { waitUntil: NOON + DAY } }),
    ) as [PassedCall, PassedCall, PassedCall];
    const { stage } = given(...full, ...waiters.map(waiting));
    stage.take(endedFailed(first));
    stage.take(arrives(third));
    for (const waiter of waiters.slice(0, 2)) expect(stage.take('timer')).toEqual([checks(waiter)]);
    expect(stage.take({ looked: 'w1' })).toEqual([refused(waiters[0])]);
    // One place is free again: who is back from its look takes it, and the others have somebody to wait for.
    stage.take(endedFailed(second));
    expect(stage.take({ looked: 'w2' })).toEqual([acquired(waiters[1])]);
    expect(stage.take('timer')).toEqual([]);
    stage.take(endedFailed(waiters[1]));
    expect(stage.take('timer')).toEqual([acquired(waiters[2])]);
  });

  it('one that has waited and looked ends expired where its client waits no more (rule 9)', () => {
    const [patient, gone] = [NOON + DAY, NOON + SECOND].map((waitUntil, n) =>
      passed(`w${n}`, { terms: { dedupHash: first.terms.dedupHash }, call: { waitUntil } }),
    ) as [PassedCall, PassedCall];
    const { stage } = given(...full, waiting(gone), waiting(patient));
    stage.take(endedFailed(first));
    stage.take(arrives(third));
    for (const one of [gone, patient]) expect(stage.take('timer')).toEqual([checks(one)]);
    stage.take(endedFailed(second));
    expect(stage.take({ looked: gone.call.callId }, NOON + SECOND)).toEqual([expired(gone)]);
    expect(stage.take({ looked: patient.call.callId }, NOON + SECOND)).toEqual([acquired(patient)]);
  });

  it('a lease is refused the same way, with what its tenant has used', () => {
    const { stage } = given(...full);
    const [checking] = stage.take(lease('a'));
    expect(checking).toMatchObject({ type: 'credits-checking', data: { id: 'a', stampMs: NOON } });
    expect(stage.take({ looked: 'a' }, NOON + SECOND)).toEqual([
      commandRefused.draft(TENANT, {
        key: KEY,
        does: 'lease',
        why: 'payment_required',
        credits: credits(2, 0, { plan: 'tiny', limit: 2 }),
        reply: reply('a'),
      }),
    ]);
    expect(stage.take({ looked: 'a' })).toEqual([]);
  });

  it('a lease that fits after all is acquired, and one that CALLS holds twice is decided once', () => {
    const { stage } = given(...full);
    stage.take(lease('a'));
    stage.take(endedFailed(first));
    expect(stage.take(lease('a'))).toEqual([]);
    expect(stage.take({ looked: 'a' })).toMatchObject([{ type: 'task-acquired', data: { credits: { usage: 2 } } }]);
    expect(stage.take(lease('a'))).toEqual([]);
  });

  it('a lease polls where somebody has leased the key meanwhile', () => {
    const { stage } = given(...full);
    stage.take(lease('a'));
    stage.take(endedFailed(first));
    stage.take(lease('b'));
    expect(stage.take({ looked: 'a' })).toMatchObject([{ type: 'task-polled', data: { reply: reply('a') } }]);
  });

  it('a lease after expiry costs nothing, and is not refused; polling neither', () => {
    const task = taskOf('a');
    const held = taskAcquired.draft(TENANT, { task, credits: credits(2, 1), reply: reply('a') });
    const gone = taskExpired.draft(TENANT, { task: { ...task, state: ended('expired', NOON) } });
    const { stage } = given(planIs('tiny'), acquired(first), held);
    expect(stage.decide(lease('b'))).toMatchObject([{ type: 'task-polled' }]);
    stage.fold(gone, NOON);
    expect(stage.take(lease('c'))).toMatchObject([
      { type: 'task-acquired', data: { credits: { charged: 0, usage: 2 } } },
    ]);
  });

  it('nothing else is refused: a duplicate of check-lock has credits of its own', () => {
    const { stage } = given(...full);
    stage.take(lock('a'));
    expect(stage.take(lock('b'))).toMatchObject([{ type: 'lock-repeated' }]);
  });

  it('a new owner knows what still waits for its look', () => {
    const { stage } = given(...full);
    stage.take(arrives(third));
    stage.fold(ownerChanged.draft(NO_TENANT, { owner: 'other', epoch: 'e2' }), NOON);
    expect([...stage.state.checking]).toMatchObject([['third', { inherited: true }]]);
  });
});

describe('the month edge (contract section 7)', () => {
  const DECEMBER = Date.UTC(2026, 11, 1);
  const full = [planIs('tiny'), at(DECEMBER - 2, acquired(first)), at(DECEMBER - 1, acquired(second))];

  it('begins anew, in UTC', () => {
    const { stage } = given(...full);
    expect(stage.decide(arrives(third), DECEMBER - 1)).toEqual([checks(third)]);
    expect(stage.take(arrives(third), DECEMBER)).toEqual([acquired(third)]);
    expect(usedIn(stage, DECEMBER)).toBe(1);
  });

  it('is not crossed by what is given back: the month that was charged is over', () => {
    const { stage } = given(...full);
    stage.take(arrives(third), DECEMBER);
    const [settled] = stage.take(endedFailed(first), DECEMBER + SECOND);
    expect((settled?.data as DataOf<typeof leaseSettled>).how).toEqual({
      state: 'free',
      givesBack: '2026-11',
    });
    expect(usedIn(stage, DECEMBER)).toBe(1);
    stage.take(endedFailed(third), DECEMBER + SECOND);
    expect(usedIn(stage, DECEMBER)).toBe(0);
  });
});

describe('a plan that goes on at its credits, or has no limit (contract section 9)', () => {
  it.each(['starter', 'pro', 'agency', 'unlimited'])('%s refuses nothing', (plan) => {
    const { stage } = given(planIs(plan));
    stage.state.credits.set(TENANT, { usage: { month: '2026-11', make: 1e9, ai: 1e9 }, since: NOON });
    expect(stage.decide(arrives(first))).toEqual([acquired(first)]);
    expect(stage.decide(lease('a'))).toMatchObject([
      { type: 'task-acquired', data: { credits: { plan, usage: 1e9 + 1 } } },
    ]);
  });

  it('free stops at its 3,000', () => {
    const { stage } = given(planIs('free'));
    stage.state.credits.set(TENANT, { usage: { month: '2026-11', make: 0, ai: 2_999 }, since: NOON });
    stage.take(arrives(first));
    expect(stage.take(arrives(second))).toEqual([checks(second)]);
  });
});
