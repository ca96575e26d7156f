import type { Draft } from '@tollgate/events';
import {
  again,
  ATTEMPT_DEADLINE,
  CALL_DEADLINE,
  DAY,
  doubt,
  ended,
  failedWith,
  HOLD,
  holdIsOver,
  leased,
  NOON,
  queued,
  REFUSED,
  SECOND,
  started,
  toolIs,
  UNKNOWN,
} from './spec/calls.js';
import { dispatchStage } from './dispatch.stage.js';
import { given } from './spec/given.js';

const LOST = { known: 'unknown', code: 'connection_lost', httpStatus: null } as const;
const retries = toolIs({ onUnknown: 'retry' });
const inDoubt = [toolIs(), queued(), started(), ended(1, UNKNOWN), doubt('timeout', null, 1)];

describe('an open attempt', () => {
  it('is left alone until its deadline, then it is unknown', () => {
    const past = given(toolIs(), queued(), started());
    past.when('timer', ATTEMPT_DEADLINE - 1).then();
    past
      .when('timer', ATTEMPT_DEADLINE)
      .then(ended(1, LOST), doubt('connection_lost', null, 1, ATTEMPT_DEADLINE + HOLD));
  });

  it('is left alone past the deadline of its call', () => {
    given(toolIs({ timeoutMs: 120_000 }), queued(), started(1, CALL_DEADLINE - SECOND))
      .when('timer', CALL_DEADLINE + SECOND)
      .then();
  });

  it('is repeated then where the tool says so', () => {
    const { decided } = given(retries, queued(), started()).when('timer', ATTEMPT_DEADLINE);
    expect(decided).toMatchObject([{ type: 'attempt-ended', data: { known: 'unknown', retryAt: expect.any(Number) } }]);
  });
});

describe('the deadline of a call', () => {
  it('ends what waits', () => {
    const past = given(toolIs(), queued());
    past.when('timer', CALL_DEADLINE - 1).then();
    past.when('timer', CALL_DEADLINE).then(failedWith('expired', null));
  });

  it('ends what rests: failed, or in doubt where an attempt is unknown', () => {
    const rests = (answer: Draft) => given(retries, queued(), started(), answer);
    rests(again(1, REFUSED))
      .when('timer', CALL_DEADLINE)
      .then(failedWith('expired', null, 1));
    rests(again(1, UNKNOWN))
      .when('timer', CALL_DEADLINE)
      .then(doubt('timeout', null, 1, CALL_DEADLINE + HOLD));
  });

  it('ends many a bounded number at a time, until none is left', () => {
    const many = Array.from({ length: 250 }, (_, n) => leased(`call ${n}`));
    const { stage } = given(toolIs(), ...many.map(queued));
    const rounds: number[] = [];
    while (stage.state.calls.size > 0) {
      expect(dispatchStage.wakeAt(stage.state)).toBeLessThanOrEqual(CALL_DEADLINE);
      rounds.push(stage.take('timer', CALL_DEADLINE).length);
    }
    expect(rounds).toEqual([100, 100, 50]);
  });
});

describe('the hold of a call in doubt', () => {
  it('ends after 30 days, once', () => {
    const past = given(...inDoubt);
    past.when('timer', NOON + HOLD - 1).then();
    past.when('timer', NOON + HOLD).then(holdIsOver());
    given(...inDoubt, holdIsOver())
      .when('timer', NOON + HOLD + DAY)
      .then();
  });
});

describe('the next time that the clock decides something', () => {
  const wakeAt = (...past: readonly Draft[]) => {
    const { stage } = given(toolIs(), ...past);
    stage.decide('timer', NOON + SECOND);
    return dispatchStage.wakeAt(stage.state);
  };

  it('is the nearest deadline, or never', () => {
    expect(wakeAt()).toBeUndefined();
    expect(wakeAt(queued())).toBe(CALL_DEADLINE);
    expect(wakeAt(queued(), started())).toBe(ATTEMPT_DEADLINE);
    expect(wakeAt(...inDoubt)).toBe(NOON + HOLD);
    expect(wakeAt(...inDoubt, queued(leased('other')))).toBe(CALL_DEADLINE);
    expect(wakeAt(...inDoubt, holdIsOver())).toBeUndefined();
  });
});
