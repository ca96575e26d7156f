import {
  holdEnded,
  inputParked,
  keyTainted,
  policyPassed,
  type Draft,
  type PassedCall,
  type Payload,
} from '@tollgate/events';
import { leaseStage } from './lease.stage.js';
import { acquired, DAY, DEADLINE, HOUR, keyOf, NOON, passed, SECOND, TENANT, WAIT, waiting } from './spec/calls.js';
import {
  attempt,
  completed,
  dedup,
  endedBlocked,
  endedExecuted,
  endedFailed,
  endedInDoubt,
  expired,
  freed,
  heldInDoubt,
  resolvedExecuted,
  resolvedFailed,
  saidOf,
  settled,
  unknownToo,
} from './spec/endings.js';
import { at, given } from './spec/given.js';

const first = passed('first');
const second = passed('second');
const third = passed('third');
const waitsUntil = (callId: string, waitUntil: number): PassedCall => passed(callId, { call: { waitUntil } });

describe('the ending of the holder', () => {
  it('completes the key for the window of the tool, from the end on', () => {
    given(acquired(first))
      .when(endedExecuted(first), NOON + SECOND)
      .then(completed(first, NOON + SECOND + HOUR));
  });

  it('completes an idempotency key for a day where the tool itself does not deduplicate', () => {
    const one = passed('one', { terms: { idempotencyHash: 'order-1', windowSec: 0 } });
    given(acquired(one))
      .when(endedExecuted(one))
      .then(completed(one, NOON + DAY));
  });

  it.each([
    ['failed', endedFailed],
    ['blocked', endedBlocked],
  ])('frees the key when it %s', (_how, ended) => {
    given(acquired(first)).when(ended(first)).then(freed(first));
  });

  it('frees a key of its own, and gives its credit back unless it was executed', () => {
    const own = passed('own', { terms: { windowSec: 0 } });
    given(acquired(own))
      .when(endedExecuted(own))
      .then(settled(own, { state: 'free' }));
    given(acquired(own)).when(endedFailed(own)).then(freed(own));
  });

  it('keeps the key in doubt until the time that the dispatcher names', () => {
    given(acquired(first))
      .when(endedInDoubt(first, NOON + 30 * DAY))
      .then(heldInDoubt(first, NOON + 30 * DAY));
  });

  it('points at a large result where it lies, and takes a small one along', () => {
    const large: Payload = { callId: 'first', inline: { k: 'k', b: 'x'.repeat(9_000) } };
    const outcome = { decision: 'executed', reason: 'ok', spend: 0, result: large } as const;
    const ended: Draft = { type: 'executed', tenant: TENANT, data: { call: first.call, outcome } };
    const result: Payload = { callId: 'first', place: { stream: 'DISPATCH-0', seq: 1, index: 0 } };
    given(acquired(first))
      .when(ended)
      .then(settled(first, { state: 'completed', until: NOON + HOUR, result }));
  });
});

describe('an ending of another call', () => {
  it.each([
    ['that never held the key', [acquired(first)], endedFailed(second)],
    ['that waits for it', [acquired(first), waiting(second)], endedFailed(second)],
    ['that held it before', [acquired(first), freed(first), acquired(second)], endedFailed(first)],
    [
      'that held it before and was executed late',
      [acquired(first), freed(first), acquired(second)],
      endedExecuted(first),
    ],
    ['that completed it already', [acquired(first), completed(first, NOON + HOUR)], endedFailed(first)],
    ['that nobody knows', [], endedExecuted(first)],
  ])('%s changes nothing', (_which, past, ended) => {
    given(...past)
      .when(ended)
      .then();
  });

  it('may be its resolution where its ending could not be read: an operator settles what was parked', () => {
    given(acquired(first)).when(resolvedFailed(first)).then(freed(first));
    given(acquired(first))
      .when(holdEnded.draft(TENANT, { callId: 'first' }))
      .then(freed(first));
  });

  it('is no second ending while the key is in doubt', () => {
    given(acquired(first), heldInDoubt(first)).when(endedFailed(first)).then();
    given(acquired(first), heldInDoubt(first)).when(endedExecuted(first)).then();
  });
});

describe('a key in doubt', () => {
  const past = [acquired(first), heldInDoubt(first)];

  it('is completed when its call is resolved as executed, for the window from then on', () => {
    given(...past)
      .when(resolvedExecuted(first), NOON + 5 * DAY)
      .then(completed(first, NOON + 5 * DAY + HOUR));
  });

  it('is freed when its call is resolved as failed', () => {
    given(...past)
      .when(resolvedFailed(first))
      .then(freed(first));
  });

  it('is freed when the dispatcher ends its hold', () => {
    given(...past)
      .when(holdEnded.draft(TENANT, { callId: 'first' }))
      .then(freed(first));
  });

  it('is not freed by the end of a hold that is over, or was never its', () => {
    given(...past)
      .when(holdEnded.draft(TENANT, { callId: 'second' }))
      .then();
    given(...past, freed(first), acquired(second))
      .when(holdEnded.draft(TENANT, { callId: 'first' }))
      .then();
  });
});

describe('an attempt of the holder', () => {
  it('taints the key when it is unknown', () => {
    given(acquired(first))
      .when(attempt(first, 'unknown'))
      .then(keyTainted.draft(TENANT, { leaseKey: keyOf(first), callId: 'first' }));
  });

  it('taints it, too, when its end cannot be read: it may have been unknown (rule 14)', () => {
    const where = { source: 'dispatch', stream: 'DISPATCH-0', seq: 7, index: 0, code: 'undecodable' } as const;
    const parked = inputParked.draft(TENANT, { ...where, inputType: 'attempt-ended', callId: 'first' });
    given(acquired(first), waiting(second), parked, freed(first)).when('timer').then(acquired(second, 'first'));
  });

  it('does not when it is known, or when another call holds the key by now', () => {
    given(acquired(first)).when(attempt(first, 'not_sent')).then();
    given(acquired(first)).when(attempt(first, 'refused')).then();
    given(acquired(first), freed(first), acquired(second)).when(attempt(first, 'unknown')).then();
  });
});

describe('those that wait', () => {
  it('are left waiting while the holder runs', () => {
    given(acquired(first), waiting(second))
      .when('timer', NOON + WAIT)
      .then();
  });

  it('get the result of a completed holder, also those past their wait limit', () => {
    const gone = waitsUntil('gone', NOON - SECOND);
    given(acquired(first), waiting(gone), waiting(second), completed(first, NOON + HOUR))
      .when('timer')
      .then(dedup(gone, first), dedup(second, first));
  });

  it('end outcome_unknown with a holder in doubt', () => {
    given(acquired(first), waiting(second), waiting(third), heldInDoubt(first))
      .when('timer')
      .then(unknownToo(second, first), unknownToo(third, first));
  });

  it('take over in turn after a failure: one holds, the others wait for it', () => {
    const { stage } = given(acquired(first), waiting(second), waiting(third));
    expect(stage.take(endedFailed(first))).toEqual([freed(first)]);
    expect(stage.take('timer')).toEqual([acquired(second)]);
    expect(stage.take('timer')).toEqual([]);
    expect(stage.take(endedBlocked(second))).toEqual([freed(second)]);
    expect(stage.take('timer')).toEqual([acquired(third)]);
    expect(stage.take(endedExecuted(third))).toEqual([completed(third, NOON + HOUR)]);
  });

  it('take over under the same outgoing key when an attempt of the holder was unknown', () => {
    const tainted = keyTainted.draft(TENANT, { leaseKey: keyOf(first), callId: 'first' });
    given(acquired(first), waiting(second), tainted, freed(first)).when('timer').then(acquired(second, 'first'));
  });

  it('end expired when nobody waits at their connection any more, and the next one takes over', () => {
    const gone = waitsUntil('gone', NOON + SECOND);
    const past = [acquired(first), waiting(gone), waiting(second), freed(first)];
    given(...past)
      .when('timer', NOON + SECOND - 1)
      .then(acquired(gone));
    given(...past)
      .when('timer', NOON + SECOND)
      .then(expired(gone), acquired(second));
  });

  it('leave the key free when none of them waits any more', () => {
    const { stage } = given(acquired(first), waiting(second), freed(first));
    expect(stage.take('timer', NOON + WAIT)).toEqual([expired(second)]);
    expect(stage.take(policyPassed.draft(TENANT, third), NOON + WAIT)).toEqual([acquired(third)]);
  });

  it('end expired at their deadline, whatever the holder does', () => {
    const past = given(acquired(first), waiting(second));
    expect(leaseStage.wakeAt(past.stage.state)).toBe(NOON + DEADLINE);
    past.when('timer', NOON + DEADLINE - 1).then();
    past.when('timer', NOON + DEADLINE).then(expired(second));
  });

  it('end expired at their deadline, also behind those that came before them and may wait longer', () => {
    const patient = passed('patient', { call: { deadline: NOON + 2 * DEADLINE } });
    const past = given(acquired(first), waiting(patient), waiting(second));
    expect(leaseStage.wakeAt(past.stage.state)).toBe(NOON + DEADLINE);
    expect(past.stage.take('timer', NOON + DEADLINE)).toEqual([expired(second)]);
    expect(past.stage.take('timer', NOON + DEADLINE)).toEqual([]);
    expect(leaseStage.wakeAt(past.stage.state)).toBe(NOON + 2 * DEADLINE);
  });

  it('are answered a bounded number at a time, in order, until none is left', () => {
    const many = Array.from({ length: 100 }, (_, n) => passed(`waiter ${n}`));
    const { stage } = given(acquired(first), ...many.map(waiting), completed(first, NOON + HOUR));
    const answered: string[] = [];
    while (leaseStage.wakeAt(stage.state) === 0) {
      const drafts = stage.take('timer');
      expect(drafts.length).toBeGreaterThan(0);
      expect(drafts.length).toBeLessThanOrEqual(32);
      answered.push(...drafts.map(({ data }) => (data as PassedCall).call.callId));
    }
    expect(answered).toEqual(many.map(({ call }) => call.callId));
    expect(leaseStage.wakeAt(stage.state)).toBeUndefined();
  });
});

describe('what the stage keeps', () => {
  const ofKeys = (stage: ReturnType<typeof given>['stage']) => [...stage.state.keys.keys()];

  it('is nothing of a key that is free again', () => {
    expect(ofKeys(given(acquired(first), freed(first)).stage)).toEqual([]);
  });

  it('is no entry of its own key once the call has ended, also after an unknown attempt', () => {
    const own = passed('own', { terms: { windowSec: 0 } });
    const tainted = keyTainted.draft(TENANT, { leaseKey: keyOf(own), callId: 'own' });
    expect(ofKeys(given(acquired(own), tainted, freed(own)).stage)).toEqual([]);
  });

  it('is no arguments of a completed call: a window may hold millions', () => {
    const { stage } = given(acquired(first), completed(first, NOON + HOUR));
    expect(JSON.stringify([...stage.state.keys.values()])).not.toContain('sealed');
  });

  it('is swept of windows that are over', () => {
    const { stage } = given(acquired(first), completed(first, NOON + HOUR));
    for (let n = 0; n < 1_000; n++) {
      const other = passed(`other ${n}`, { terms: { dedupHash: `${n}` } });
      stage.fold(acquired(other), NOON + 2 * HOUR);
    }
    expect(ofKeys(stage)).not.toContain(keyOf(first));
    expect(ofKeys(stage)).toHaveLength(1_000);
  });
});

describe('an input that cannot be read', () => {
  it('ends a new call, and leaves the key of one that holds or waits', () => {
    const { stage } = given(acquired(first), waiting(second));
    const parked = (one: PassedCall) => leaseStage.parked(stage.state, one.call, NOON, TENANT);
    expect(parked(third).map(({ type }) => type)).toEqual(['failed']);
    expect(parked(first)).toEqual([]);
    expect(parked(second)).toEqual([]);
  });
});

describe('an operator’s word about an ending that could not be read (rule 14)', () => {
  it('completes the key for its window, without a result', () => {
    given(acquired(first))
      .when(saidOf(first, 'executed'), NOON + SECOND)
      .then(settled(first, { state: 'completed', until: NOON + SECOND + HOUR }));
    const own = passed('own', { terms: { windowSec: 0 } });
    given(acquired(own))
      .when(saidOf(own, 'executed'))
      .then(settled(own, { state: 'free' }));
  });

  it('frees the key and gives its credit back where nothing was done, also of a call in doubt', () => {
    given(acquired(first)).when(saidOf(first, 'failed')).then(freed(first));
    given(acquired(first), heldInDoubt(first)).when(saidOf(first, 'failed')).then(freed(first));
  });

  it('answers those that wait', () => {
    const { stage } = given(acquired(first), waiting(second));
    stage.take(saidOf(first, 'executed'));
    expect(stage.take('timer')).toMatchObject([{ type: 'deduplicated', data: { call: { callId: 'second' } } }]);
  });

  it('changes nothing of a call that is still open, holds nothing, or has ended', () => {
    given(acquired(first))
      .when(saidOf(first, 'failed', 'still_open'))
      .then();
    given(acquired(first)).when(saidOf(first, 'nothing')).then();
    given(acquired(first), waiting(second)).when(saidOf(second, 'failed')).then();
    given(acquired(first), completed(first, NOON + HOUR))
      .when(saidOf(first, 'failed'))
      .then();
    given().when(saidOf(first, 'failed')).then();
  });
});

describe('a late event', () => {
  it('of a call in doubt that was resolved changes nothing more', () => {
    given(acquired(first), heldInDoubt(first), freed(first), at(NOON + SECOND, acquired(second, 'first')))
      .when(resolvedExecuted(first))
      .then();
  });
});
