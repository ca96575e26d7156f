import { commandRefused, lockRepeated, lockTaken } from '@tollgate/events';
import { HOUR, NOON, SECOND, TENANT } from '../spec/calls.js';
import { lock, reply } from '../spec/commands.js';
import { given, planIs } from '../spec/given.js';
import { credits, lockAt } from '../spec/tasks.js';

const MINUTE = 60 * SECOND;
const taken = (by: string, since = NOON, changes = {}) =>
  lockTaken.draft(TENANT, { lock: lockAt(since, changes), credits: credits(0, 0), reply: reply(by, since) });

describe('check-lock (contract section 1)', () => {
  it('locks a key that nobody has locked, free of charge', () => {
    given().when(lock('a')).then(taken('a'));
  });

  it('answers a duplicate with the time of the first and the ttl that was asked for, and charges it', () => {
    given(taken('a'))
      .when(lock('b', { ttlSec: 600 }), NOON + SECOND)
      .then(
        lockRepeated.draft(TENANT, {
          lock: lockAt(NOON, { ttlSec: 600 }),
          credits: credits(1, 1),
          reply: reply('b', NOON + SECOND),
        }),
      );
  });

  it('is not refreshed by a duplicate', () => {
    const { stage } = given(taken('a'));
    stage.take(lock('b', { ttlSec: 600 }), NOON + SECOND);
    expect(stage.take(lock('c'), NOON + MINUTE)).toEqual([
      lockTaken.draft(TENANT, {
        lock: lockAt(NOON + MINUTE),
        credits: credits(1, 0),
        reply: reply('c', NOON + MINUTE),
      }),
    ]);
  });

  it('holds up to the end of its time and not at it', () => {
    const past = given(taken('a'));
    expect(past.when(lock('b'), NOON + MINUTE - 1).decided).toMatchObject([{ type: 'lock-repeated' }]);
    past.when(lock('b'), NOON + MINUTE).then(taken('b', NOON + MINUTE));
  });

  it('is kept from nobody by another key or another tenant, nor by a lease of the same name', () => {
    const { stage } = given(taken('a'));
    const others = [lock('b', { key: 'invoice-43' }), lock('c', { tenant: 'globex', keyId: 'key_globex' })];
    for (const other of others) expect(stage.take(other)).toMatchObject([{ type: 'lock-taken' }]);
  });
});

describe('the same Idempotency-Key (contract section 1)', () => {
  const asked = { repeatHash: 'h1' };

  it('gets the first answer again: a lost answer is not a lost lock, and costs nothing', () => {
    const first = taken('a', NOON, asked);
    given(first)
      .when(lock('b', asked), NOON + SECOND)
      .then(
        lockTaken.draft(TENANT, {
          lock: lockAt(NOON, asked),
          credits: credits(0, 0),
          again: true,
          reply: reply('b', NOON + SECOND),
        }),
      );
  });

  it('does not hold the lock any longer', () => {
    const { stage } = given(taken('a', NOON, asked));
    stage.take(lock('b', asked), NOON + SECOND);
    expect(stage.take(lock('c'), NOON + MINUTE)).toMatchObject([
      { type: 'lock-taken', data: { lock: { firstSeenAt: NOON + MINUTE } } },
    ]);
  });

  it('of somebody else, or of a lock whose time is over, is nothing special', () => {
    const past = given(taken('a', NOON, asked));
    expect(past.when(lock('b', { repeatHash: 'h2' })).decided).toMatchObject([{ type: 'lock-repeated' }]);
    const again = past.when(lock('b', asked), NOON + HOUR).decided;
    expect(again).toEqual([taken('b', NOON + HOUR, asked)]);
  });
});

describe('at the limit of its plan (contract section 7)', () => {
  const limited = { plan: 'tiny', limit: 1 };

  it('a duplicate is refused, which is what is charged; a new lock is not', () => {
    const { stage } = given(planIs('tiny'), taken('a'));
    stage.take(lock('b'));
    const refusal = { key: lockAt(0).key, does: 'lock', why: 'payment_required' } as const;
    expect(stage.take(lock('c'))).toEqual([
      commandRefused.draft(TENANT, { ...refusal, credits: credits(1, 0, limited), reply: reply('c') }),
    ]);
    expect(stage.take(lock('d', { key: 'invoice-43' }))).toMatchObject([
      { type: 'lock-taken', data: { credits: credits(1, 0, limited) } },
    ]);
  });

  it('goes on again with the next month', () => {
    const DECEMBER = Date.UTC(2026, 11, 1);
    const { stage } = given(planIs('tiny'), taken('a', DECEMBER - SECOND));
    stage.take(lock('b'), DECEMBER - 2);
    expect(stage.decide(lock('c'), DECEMBER - 1)).toMatchObject([{ type: 'command-refused' }]);
    expect(stage.decide(lock('c'), DECEMBER)).toMatchObject([
      { type: 'lock-repeated', data: { credits: credits(1, 1, limited) } },
    ]);
  });

  it('of a plan that does not stop it goes on', () => {
    const { stage } = given(planIs('starter'), taken('a'));
    stage.state.credits.set(TENANT, { usage: { month: '2026-11', make: 20_000, ai: 0 }, since: NOON });
    expect(stage.decide(lock('b'))).toMatchObject([
      { type: 'lock-repeated', data: { credits: { plan: 'starter', usage: 20_001, limit: 20_000, charged: 1 } } },
    ]);
  });
});
