import { DEFAULT_PLANS, keyTainted, Plans, policyPassed, type PassedCall } from '@tollgate/events';
import type { Turn } from '@tollgate/stage';
import { LeaseController } from './lease.controller.js';
import type { LeaseState } from './lease.state.js';
import { acquired, DAY, DEADLINE, HOUR, keyOf, NOON, passed, TENANT, waiting } from './spec/calls.js';
import { completed, dedup, expired, freed, heldInDoubt, reused, unknownToo } from './spec/endings.js';
import { at, given } from './spec/given.js';

const requested = (one: PassedCall) => policyPassed.draft(TENANT, one);
const first = passed('first');
const second = passed('second');
const third = passed('third');

describe('a call whose key is absent', () => {
  it('acquires it under an outgoing key of its own', () => {
    given().when(requested(first)).then(acquired(first));
  });

  it('is not kept from it by another agent, tool, scope, tenant or other arguments', () => {
    const others = [
      passed('other', { call: { agent: 'support' } }),
      passed('other', { call: { tool: 'refund' } }),
      passed('other', { terms: { scope: 'agent:billing' } }),
      passed('other', { terms: { dedupHash: 'other arguments' } }),
    ];
    for (const other of others) given(acquired(first)).when(requested(other)).then(acquired(other));
    const { decided } = given(acquired(first)).when(policyPassed.draft('globex', second));
    expect(decided.map(({ type }) => type)).toEqual(['lease-acquired']);
  });

  it('ends expired at its deadline, which is not before its deadline', () => {
    given()
      .when(requested(first), NOON + DEADLINE - 1)
      .then(acquired(first));
    given()
      .when(requested(first), NOON + DEADLINE)
      .then(expired(first));
  });
});

describe('a repeat', () => {
  it('waits while the first holds the key', () => {
    given(acquired(first)).when(requested(second)).then(waiting(second));
  });

  it('waits behind those that wait already while the key is handed over', () => {
    given(acquired(first), waiting(second), freed(first)).when(requested(third)).then(waiting(third));
  });

  it('waits there too when it is only tried', () => {
    const { stage } = given(acquired(first), waiting(second), freed(first));
    const turn = { state: stage.state, config: stage.config, now: NOON } as Turn<LeaseState>;
    const tried = new LeaseController(new Plans(DEFAULT_PLANS, 'unlimited')).dryRun(
      { tenant: TENANT, passed: third },
      turn,
    );
    expect(tried).toMatchObject({ type: 'lease-waiting', data: { call: { callId: 'third' } } });
  });

  it('gets the result of the completed first, as dedup', () => {
    given(acquired(first), completed(first, NOON + HOUR))
      .when(requested(second))
      .then(dedup(second, first));
  });

  it('is deduplicated up to the end of the window and not at it', () => {
    const past = given(acquired(first), completed(first, NOON + HOUR));
    const late = passed('late', { call: { deadline: NOON + DAY } });
    past.when(requested(late), NOON + HOUR - 1).then(dedup(late, first));
    past.when(requested(late), NOON + HOUR).then(acquired(late));
  });

  it('of a first in doubt is answered outcome_unknown again', () => {
    given(acquired(first), heldInDoubt(first)).when(requested(second)).then(unknownToo(second, first));
  });

  it('is answered so until an event ends the hold, however late: never by the clock of the lease', () => {
    const late = passed('late', { call: { deadline: NOON + 60 * DAY } });
    given(acquired(first), heldInDoubt(first))
      .when(requested(late), NOON + 31 * DAY)
      .then(unknownToo(late, first));
  });

  it('of a failed or blocked first is a new call', () => {
    given(acquired(first), freed(first)).when(requested(second)).then(acquired(second));
  });
});

describe('the outgoing key', () => {
  const tainted = keyTainted.draft(TENANT, { leaseKey: keyOf(first), callId: 'first' });
  const late = (days: number) => passed('late', { call: { deadline: NOON + (days + 1) * DAY } });

  it('is a new one after a known failure', () => {
    given(acquired(first), freed(first)).when(requested(second)).then(acquired(second, 'second'));
  });

  it('is the same one after an unknown attempt, also of a call before the last', () => {
    given(acquired(first), tainted, freed(first)).when(requested(second)).then(acquired(second, 'first'));
    given(acquired(first), tainted, freed(first), acquired(second, 'first'), freed(second))
      .when(requested(third))
      .then(acquired(third, 'first'));
  });

  it('is the same one when a call in doubt was resolved as failed, or its hold has ended', () => {
    given(acquired(first), heldInDoubt(first), freed(first)).when(requested(second)).then(acquired(second, 'first'));
  });

  it('is remembered so for 30 days from then', () => {
    const past = [acquired(first), heldInDoubt(first), at(NOON + DAY, freed(first))];
    given(...past)
      .when(requested(late(31)), NOON + 31 * DAY - 1)
      .then(acquired(late(31), 'first'));
    given(...past)
      .when(requested(late(31)), NOON + 31 * DAY)
      .then(acquired(late(31), 'late'));
  });

  it('is clean again once it was forgotten', () => {
    const next = late(31);
    given(acquired(first), tainted, freed(first), at(NOON + 31 * DAY, acquired(next)), at(NOON + 31 * DAY, freed(next)))
      .when(requested(second), NOON)
      .then(acquired(second, 'second'));
  });

  it('is a new one after executed, also when an attempt was unknown before', () => {
    const past = given(acquired(first), tainted, completed(first, NOON + HOUR));
    const next = passed('next', { call: { deadline: NOON + DAY } });
    past.when(requested(next), NOON + HOUR).then(acquired(next, 'next'));
  });
});

describe('an idempotency key', () => {
  const idem = (callId: string, change: object = {}) =>
    passed(callId, { terms: { idempotencyHash: 'order-1', ...change }, call: { deadline: NOON + 60 * DAY } });
  const one = idem('one');
  const again = idem('again');
  const other = idem('other', { dedupHash: 'other arguments' });

  it('stands in the place of the arguments', () => {
    given(acquired(one)).when(requested(again)).then(waiting(again));
    given(acquired(one)).when(requested(first)).then(acquired(first));
  });

  it.each([
    ['held', [acquired(one)]],
    ['completed', [acquired(one), completed(one, NOON + HOUR)]],
    ['in doubt', [acquired(one), heldInDoubt(one)]],
    ['handed over', [acquired(one), waiting(again), freed(one)]],
    ['free, but an attempt under it was unknown', [acquired(one), heldInDoubt(one), freed(one)]],
  ])('with other arguments is refused while it is %s', (_state, past) => {
    given(...past)
      .when(requested(other))
      .then(reused(other));
  });

  it('may be used with other arguments once it is free', () => {
    given(acquired(one), freed(one)).when(requested(other)).then(acquired(other));
    given(acquired(one), completed(one, NOON + HOUR))
      .when(requested(other), NOON + HOUR)
      .then(acquired(other));
  });

  it('joins also where the tool does not deduplicate', () => {
    const [plain, repeat] = [idem('plain', { windowSec: 0 }), idem('repeat', { windowSec: 0 })];
    given(acquired(plain)).when(requested(repeat)).then(waiting(repeat));
  });
});

describe('a tool with window 0', () => {
  const own = (callId: string) => passed(callId, { terms: { windowSec: 0 } });

  it('has a key for each call: nothing joins, nothing waits', () => {
    const [one, two] = [own('one'), own('two')];
    expect(keyOf(one)).not.toBe(keyOf(two));
    given(acquired(one)).when(requested(two)).then(acquired(two));
  });
});
