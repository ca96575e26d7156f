import {
  NO_TENANT,
  ownerChanged,
  type AttemptAnswer,
  type attemptEnded,
  type DataOf,
  type Draft,
} from '@tollgate/events';
import {
  again,
  CALL_DEADLINE,
  done,
  DONE,
  doubt,
  ended,
  failedWith,
  HOLD,
  MINUTE,
  MISSED,
  NOON,
  NOT_SENT,
  queued,
  REFUSED,
  resolvedAs,
  resolvedDone,
  SECOND,
  SERVER_ERROR,
  started,
  toolIs,
  toolIsGone,
  TOOL_ERROR,
  UNKNOWN,
} from './spec/calls.js';
import { answers, at, given, type DispatchStage } from './spec/given.js';

/** When the attempt that just ended is to be tried again; undefined when it is not. */
function retryAt(stage: DispatchStage, answer: AttemptAnswer, attempt = 1, now = NOON): number | undefined {
  const [first, ...others] = stage.decide(answers(answer, attempt), now);
  const { retryAt } = first?.data as DataOf<typeof attemptEnded>;
  expect(others).toHaveLength(retryAt === undefined ? 1 : 0);
  return retryAt;
}

const trying = (...more: readonly Draft[]) => given(toolIs(), queued(), started(), ...more);
const retries = toolIs({ onUnknown: 'retry' });
const fails = toolIs({ onUnknown: 'fail' });

describe('an attempt that was executed', () => {
  it('ends the call', () => {
    trying().when(answers(DONE)).then(ended(1, DONE), done());
  });

  it('ends it at once, also while another attempt is open or another is unknown', () => {
    given(retries, queued(), started(), again(1, UNKNOWN), started(2))
      .when(answers(DONE, 1))
      .then(ended(1, DONE), done(1));
    given(retries, queued(), started(), again(1, UNKNOWN), started(2))
      .when(answers(DONE, 2))
      .then(ended(2, DONE), done(2));
  });

  it('ends it while it rests until the next attempt', () => {
    given(retries, queued(), started(), ended(1, UNKNOWN, NOON + SECOND))
      .when(answers(DONE))
      .then(ended(1, DONE), done());
  });

  it('ends it past its deadline, too: a call with an open attempt ends with that attempt', () => {
    trying()
      .when(answers(DONE), CALL_DEADLINE + MINUTE)
      .then(ended(1, DONE), done());
  });
});

describe('the tool’s own error', () => {
  it('ends the call failed, and is not repeated', () => {
    trying()
      .when(answers(TOOL_ERROR))
      .then(ended(1, TOOL_ERROR), failedWith('tool_error', 422, 1));
  });

  it('ends it in doubt where an earlier attempt is unknown, and tells why that is unknown', () => {
    given(retries, queued(), started(), again(1, SERVER_ERROR), started(2))
      .when(answers(TOOL_ERROR, 2))
      .then(ended(2, TOOL_ERROR), doubt('server_error', 502, 2));
  });

  it('ends it as a known failure where the earlier attempt turned out definite, too', () => {
    given(retries, queued(), started(), again(1, UNKNOWN), started(2), ended(1, TOOL_ERROR))
      .when(answers(TOOL_ERROR, 2))
      .then(ended(2, TOOL_ERROR), failedWith('tool_error', 422, 2));
  });

  it('ends nothing while another attempt is open', () => {
    given(retries, queued(), started(), again(1, UNKNOWN), started(2))
      .when(answers(TOOL_ERROR, 1))
      .then(ended(1, TOOL_ERROR));
  });

  it('told late, while the call rests, is its last word', () => {
    given(retries, queued(), started(), ended(1, UNKNOWN, NOON + SECOND))
      .when(answers(TOOL_ERROR))
      .then(ended(1, TOOL_ERROR), failedWith('tool_error', 422, 1));
  });

  it('told late is not where another attempt is still unknown: that one is tried again', () => {
    given(retries, queued(), started(), again(1, UNKNOWN), started(2), ended(2, UNKNOWN, NOON + SECOND))
      .when(answers(TOOL_ERROR, 1))
      .then(ended(1, TOOL_ERROR));
  });
});

describe('an attempt that was not sent or was refused', () => {
  it.each([
    ['not sent', NOT_SENT, failedWith('connect_failed', null, 3)],
    ['refused', REFUSED, failedWith('refused', 429, 3)],
  ])('%s is tried again up to max_retries, then the call has failed', (_how, answer, end) => {
    const { stage } = trying();
    expect(retryAt(stage, answer)).toBeGreaterThanOrEqual(NOON);
    const second = trying(again(1, answer), started(2));
    expect(retryAt(second.stage, answer, 2)).toBeGreaterThanOrEqual(NOON);
    given(toolIs(), queued(), started(), again(1, answer), started(2), again(2, answer), started(3))
      .when(answers(answer, 3))
      .then(ended(3, answer), end);
  });

  it('counts also where no connection could be made, so that nothing was ever started', () => {
    const { stage } = given(toolIs({ maxRetries: 1 }), queued());
    expect(retryAt(stage, NOT_SENT)).toBeDefined();
    given(toolIs({ maxRetries: 1 }), queued(), again(1, NOT_SENT))
      .when(answers(NOT_SENT, 2))
      .then(ended(2, NOT_SENT), failedWith('connect_failed', null, 2));
  });

  it('is not tried again where max_retries is 0', () => {
    given(toolIs({ maxRetries: 0 }), queued(), started())
      .when(answers(REFUSED))
      .then(ended(1, REFUSED), failedWith('refused', 429, 1));
  });

  it('is tried again without using up a try when it was we who missed the permit', () => {
    const { stage } = given(toolIs({ maxRetries: 0 }), queued(), started());
    expect(retryAt(stage, MISSED)).toBeDefined();
    const later = given(toolIs({ maxRetries: 1 }), queued(), started(), again(1, MISSED), started(2));
    expect(retryAt(later.stage, REFUSED, 2)).toBeDefined();
  });

  it('respects Retry-After, where that is longer than the backoff', () => {
    const { stage } = trying();
    expect(retryAt(stage, { ...REFUSED, retryAfterMs: 7 * SECOND } as AttemptAnswer)).toBe(NOON + 7 * SECOND);
    expect(retryAt(stage, { ...REFUSED, retryAfterMs: 0 } as AttemptAnswer)).toBeLessThan(NOON + SECOND);
  });

  it('waits at most 200 ms the first time, twice as long at most each time after', () => {
    for (let call = 0; call < 20; call++) {
      const { stage } = trying();
      expect(retryAt(stage, NOT_SENT)).toBeLessThan(NOON + 200);
      const second = trying(again(1, NOT_SENT), started(2));
      expect(retryAt(second.stage, NOT_SENT, 2)).toBeLessThan(NOON + 400);
    }
  });

  it('is not tried again past the deadline of the call, nor ten minutes after it came', () => {
    const asks = (seconds: number) => ({ ...REFUSED, retryAfterMs: seconds * SECOND }) as AttemptAnswer;
    const { stage } = trying();
    expect(retryAt(stage, asks(599))).toBe(NOON + 599 * SECOND);
    expect(retryAt(stage, asks(600))).toBeUndefined();
    const late = given(toolIs(), at(CALL_DEADLINE - 5 * MINUTE, queued()), started());
    expect(retryAt(late.stage, asks(299), 1, CALL_DEADLINE - 5 * MINUTE)).toBeDefined();
    expect(retryAt(late.stage, asks(300), 1, CALL_DEADLINE - 5 * MINUTE)).toBeUndefined();
  });

  it('ends the call in doubt when its tries are used up and an attempt is unknown', () => {
    const tool = toolIs({ onUnknown: 'retry', maxRetries: 1 });
    given(tool, queued(), started(), again(1, UNKNOWN), started(2))
      .when(answers(REFUSED, 2))
      .then(ended(2, REFUSED), doubt('timeout', null, 2));
  });

  it('ends the call when its tool is gone', () => {
    trying(toolIsGone())
      .when(answers(REFUSED))
      .then(ended(1, REFUSED), failedWith('refused', 429, 1));
  });
});

describe('an attempt that is unknown', () => {
  it('ends the call in doubt, held for 30 days', () => {
    trying()
      .when(answers(UNKNOWN))
      .then(ended(1, UNKNOWN), doubt('timeout', null, 1));
    trying()
      .when(answers(SERVER_ERROR), NOON + SECOND)
      .then(ended(1, SERVER_ERROR), doubt('server_error', 502, 1, NOON + SECOND + HOLD));
  });

  it('is repeated where the tool says on_unknown retry, then the call is in doubt', () => {
    const { stage } = given(retries, queued(), started());
    expect(retryAt(stage, UNKNOWN)).toBeDefined();
    given(retries, queued(), started(), again(1, UNKNOWN), started(2), again(2, UNKNOWN), started(3))
      .when(answers(SERVER_ERROR, 3))
      .then(ended(3, SERVER_ERROR), doubt('server_error', 502, 3));
  });

  it('ends the call failed where the tool says on_unknown fail', () => {
    given(fails, queued(), started())
      .when(answers(UNKNOWN))
      .then(ended(1, UNKNOWN), failedWith('timeout', null, 1));
  });

  it('holds the call where the tool is gone, whatever it said', () => {
    given(fails, queued(), started(), toolIsGone())
      .when(answers(UNKNOWN))
      .then(ended(1, UNKNOWN), doubt('timeout', null, 1));
  });

  it('is said once', () => {
    given(retries, queued(), started(), again(1, UNKNOWN)).when(answers(UNKNOWN)).then();
  });
});

describe('a second word about an attempt', () => {
  it.each([
    ['not sent', NOT_SENT],
    ['refused', REFUSED],
  ])('counts for nothing where the first was that it was %s', (_what, first) => {
    const past = given(toolIs(), queued(), started(), again(1, first));
    for (const answer of [DONE, TOOL_ERROR, UNKNOWN, NOT_SENT]) past.when(answers(answer)).then();
  });

  it('counts for nothing once the call has ended', () => {
    for (const end of [done(), failedWith('tool_error', 422, 1), resolvedDone()]) {
      given(toolIs(), queued(), started(), end).when(answers(DONE)).then();
    }
  });

  it('that it was not sent after all leaves the call to its next attempt', () => {
    given(retries, queued(), started(), ended(1, UNKNOWN, NOON + SECOND))
      .when(answers(NOT_SENT))
      .then(ended(1, NOT_SENT));
  });
});

describe('a late answer about a call in doubt', () => {
  const past = [toolIs(), queued(), started(), ended(1, UNKNOWN), doubt('timeout', null, 1)];
  const twice = [
    retries,
    queued(),
    started(),
    again(1, UNKNOWN),
    started(2),
    ended(2, UNKNOWN),
    doubt('timeout', null, 2),
  ];

  it('resolves it as executed, for any attempt', () => {
    given(...past)
      .when(answers(DONE))
      .then(ended(1, DONE), resolvedDone());
    given(...twice)
      .when(answers(DONE, 1))
      .then(ended(1, DONE), resolvedDone(1));
  });

  it.each<[string, AttemptAnswer, 'tool_error' | 'refused' | 'connect_failed', number | null]>([
    ['the tool’s own error', TOOL_ERROR, 'tool_error', 422],
    ['a refusal', REFUSED, 'refused', 429],
    ['that it was not sent', NOT_SENT, 'connect_failed', null],
  ])('resolves it as failed by %s, where no attempt is left unknown', (_what, answer, code, status) => {
    const error = { code, status };
    const outcome = {
      decision: 'failed',
      reason: 'tool_error',
      spend: 0,
      error,
      attempt: 1,
      httpStatus: status,
    } as const;
    given(...past)
      .when(answers(answer))
      .then(ended(1, answer), resolvedAs(outcome));
  });

  it('is only noted where another attempt is still unknown', () => {
    given(...twice)
      .when(answers(TOOL_ERROR, 1))
      .then(ended(1, TOOL_ERROR));
    given(...twice, ended(1, TOOL_ERROR))
      .when(answers(REFUSED, 2))
      .then(
        ended(2, REFUSED),
        resolvedAs({
          decision: 'failed',
          reason: 'tool_error',
          spend: 0,
          error: { code: 'refused', status: 429 },
          attempt: 2,
          httpStatus: 429,
        }),
      );
  });

  it('that is unknown again says nothing', () => {
    given(...past)
      .when(answers(SERVER_ERROR))
      .then();
  });

  it('says nothing about a call that nobody has', () => {
    given(...past)
      .when(answers(DONE, 1, 'call_2'))
      .then();
  });
});

describe('what an owner that was shut out hands over', () => {
  const owner = (epoch: string) => ownerChanged.draft(NO_TENANT, { owner: 'process', epoch });
  const handedOver = (answer: AttemptAnswer, epoch: string, attempt = 1) => ({
    handedOver: { callId: 'call_1', epoch, attempt, answer },
  });
  const past = [toolIs(), owner('first'), queued(), started(), owner('second')];

  it('counts as if the tool had answered the new owner, also when it is told twice', () => {
    const { stage } = given(...past);
    expect(stage.take(handedOver(DONE, 'first'))).toEqual([ended(1, DONE), done()]);
    expect(stage.take(handedOver(DONE, 'first'))).toEqual([]);
  });

  it('resolves a call that is in doubt by now', () => {
    given(...past, ended(1, UNKNOWN), doubt('timeout', null, 1))
      .when(handedOver(TOOL_ERROR, 'first'))
      .then(
        ended(1, TOOL_ERROR),
        resolvedAs({
          decision: 'failed',
          reason: 'tool_error',
          spend: 0,
          error: { code: 'tool_error', status: 422 },
          attempt: 1,
          httpStatus: 422,
        }),
      );
  });

  it('says nothing about an attempt that another owner began under the same number', () => {
    given(...past.slice(0, 3), owner('second'), started())
      .when(handedOver(MISSED, 'first'))
      .then();
  });

  it('says nothing about an attempt that never came into the journal', () => {
    given(...past.slice(0, 3), owner('second'))
      .when(handedOver(MISSED, 'first'))
      .then();
  });
});
