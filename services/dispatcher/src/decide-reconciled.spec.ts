import type { DataOf, Draft, reconcileAnswered, reconcileQueued } from '@tollgate/events';
import type { ReconcileWord } from './decide-reconciled.js';
import {
  agentIsDisabled,
  again,
  asks,
  CALL_DEADLINE,
  disabled,
  done,
  DONE,
  doneAsAsked,
  doubt,
  ended,
  failedWith,
  HOLD,
  MINUTE,
  NOON,
  NOT_SENT,
  queued,
  REFUSED,
  resolvedAs,
  resolvedDone,
  RESULT,
  says,
  SECOND,
  SERVER_ERROR,
  started,
  toolIs,
  toolIsGone,
  TOOL_ERROR,
  UNKNOWN,
} from './spec/calls.js';
import { answers, answersQuestion, at, given, type DispatchStage } from './spec/given.js';

const asked = (change: Parameters<typeof toolIs>[0] = {}) =>
  toolIs({ onUnknown: 'reconcile', reconcileUrl: 'https://tools.example/known', ...change });

const DID: ReconcileWord = { says: 'executed', httpStatus: 200, result: RESULT };
const DID_NOT: ReconcileWord = { says: 'not_executed', httpStatus: 200 };
const WHO_KNOWS: ReconcileWord = { says: 'unknown', httpStatus: null };
const unknown = says('unknown', { httpStatus: null });

const asking = (...more: readonly Draft[]) => given(asked(), queued(), started(), ended(1, UNKNOWN), asks(), ...more);
const inDoubt = (...more: readonly Draft[]) => asking(doubt('timeout', null, 1), ...more);
const COST = 2_500_000;
const resolvedAsked = resolvedAs({ decision: 'executed', reason: 'ok', spend: COST, result: RESULT, attempt: 1 });
const notDone = {
  decision: 'failed',
  reason: 'tool_error',
  spend: 0,
  error: { code: 'timeout', status: null },
} as const;

/** When the tool is asked after all, and whether the call may be sent again. */
function planned({ stage }: { stage: DispatchStage }, input: Parameters<DispatchStage['decide']>[0], now = NOON) {
  const drafts = stage.decide(input, now);
  const question = drafts.find(({ type }) => type === 'reconcile-queued')?.data as DataOf<typeof reconcileQueued>;
  const answered = drafts.find(({ type }) => type === 'reconcile-answered')?.data as DataOf<typeof reconcileAnswered>;
  return { drafts, question, askAt: question?.askAt, retryAt: answered?.retryAt };
}

describe('contract 6, on_unknown reconcile: an unknown attempt', () => {
  it('is asked about before anything else happens, after a backoff', () => {
    const trying = given(asked(), queued(), started());
    for (const answer of [UNKNOWN, SERVER_ERROR]) {
      const { drafts, question } = planned(trying, answers(answer));
      expect(drafts).toEqual([ended(1, answer), asks(1, 1, question.askAt)]);
      expect(question.askAt).toBeGreaterThanOrEqual(NOON);
      expect(question.askAt).toBeLessThan(NOON + 200);
    }
  });

  it('is asked about when a new owner calls it unknown at its deadline', () => {
    const { drafts } = planned(given(asked(), queued(), started()), 'timer', NOON + MINUTE);
    expect(drafts.map(({ type }) => type)).toEqual(['attempt-ended', 'reconcile-queued']);
  });

  it('is held where there is no question: max_retries is 0, its tool is gone, or says something else by now', () => {
    for (const tool of [asked({ maxRetries: 0 }), toolIs()]) {
      given(tool, queued(), started())
        .when(answers(UNKNOWN))
        .then(ended(1, UNKNOWN), doubt('timeout', null, 1));
    }
    given(asked(), queued(), started(), toolIsGone())
      .when(answers(UNKNOWN))
      .then(ended(1, UNKNOWN), doubt('timeout', null, 1));
  });

  it('keeps a refused one behind it from being sent again: the tool is asked first', () => {
    const changed = given(toolIs({ onUnknown: 'retry' }), queued(), started(), again(1, UNKNOWN), started(2), asked());
    const { drafts, question } = planned(changed, answers(REFUSED, 2));
    expect(drafts).toEqual([ended(2, REFUSED), asks(1, 2, question.askAt)]);
    const said = planned(changed, answers(TOOL_ERROR, 2));
    expect(said.drafts).toEqual([ended(2, TOOL_ERROR), asks(1, 2, said.askAt)]);
  });
});

describe('a tool that says executed', () => {
  it('ends the call executed, with the result it gives', () => {
    asking().when(answersQuestion(DID)).then(says('executed'), doneAsAsked());
  });

  it('ends it past its deadline, too, and resolves it where it is in doubt by then', () => {
    asking()
      .when(answersQuestion(DID), CALL_DEADLINE + MINUTE)
      .then(says('executed'), doneAsAsked());
    inDoubt().when(answersQuestion(DID)).then(says('executed'), resolvedAsked);
  });
});

describe('a tool that says not_executed', () => {
  it('lets the call be sent again, up to max_retries', () => {
    const { drafts, retryAt } = planned(asking(), answersQuestion(DID_NOT));
    expect(drafts).toEqual([says('not_executed', { retryAt: retryAt! })]);
    expect(retryAt).toBeLessThan(NOON + 200);
    const last = given(asked({ maxRetries: 1 }), queued(), started(), ended(1, UNKNOWN), asks());
    expect(planned(last, answersQuestion(DID_NOT)).retryAt).toBeDefined();
  });

  it('ends it as a known failure when its tries are used up, with the code of what was unknown', () => {
    const second = [says('not_executed', { retryAt: NOON }), started(2), ended(2, SERVER_ERROR), asks(1, 2)];
    given(asked({ maxRetries: 1 }), queued(), started(), ended(1, UNKNOWN), asks(), ...second)
      .when(answersQuestion(DID_NOT, 1, 2))
      .then(says('not_executed', { attempt: 2 }), failedWith('server_error', 502, 2));
  });

  it('is the last word about every attempt that was unknown: a later failure is a known one', () => {
    const past = [says('not_executed', { retryAt: NOON }), started(2)];
    asking(...past)
      .when(answers(TOOL_ERROR, 2))
      .then(ended(2, TOOL_ERROR), failedWith('tool_error', 422, 2));
  });

  it('ends the call when nothing of it may be sent any more, or its tool is gone', () => {
    asking()
      .when(answersQuestion(DID_NOT), CALL_DEADLINE - 1)
      .then(says('not_executed'), failedWith('timeout', null, 1));
    asking(toolIsGone())
      .when(answersQuestion(DID_NOT))
      .then(says('not_executed'), failedWith('timeout', null, 1));
  });

  it('resolves a call that is in doubt by then, as failed', () => {
    inDoubt()
      .when(answersQuestion(DID_NOT))
      .then(says('not_executed'), resolvedAs({ ...notDone, attempt: 1, httpStatus: null }));
  });

  it('is wrong where the attempt answers late that it was done: that ends the call', () => {
    const denied = says('not_executed', { retryAt: NOON + SECOND });
    asking(denied).when(answers(DONE)).then(ended(1, DONE), done());
    asking(denied, started(2)).when(answers(DONE)).then(ended(1, DONE), done());
    asking(denied, started(2), ended(2, UNKNOWN), asks(1, 2), doubt('timeout', null, 2))
      .when(answers(DONE))
      .then(ended(1, DONE), resolvedDone());
    for (const late of [UNKNOWN, TOOL_ERROR, NOT_SENT]) asking(denied).when(answers(late)).then();
  });
});

describe('a tool that does not know, or cannot be asked', () => {
  it('is asked as often as max_retries, with a longer wait each time, then the call is held', () => {
    const first = planned(asking(), answersQuestion(WHO_KNOWS));
    expect(first.drafts).toEqual([unknown, asks(2, 1, first.askAt)]);
    expect(first.askAt).toBeLessThan(NOON + 400);
    asking(unknown, asks(2))
      .when(answersQuestion(WHO_KNOWS, 2))
      .then(says('unknown', { question: 2, httpStatus: null }), doubt('timeout', null, 1));
  });

  it('is asked as often again about each further attempt', () => {
    const second = [unknown, asks(2), says('not_executed', { question: 2, retryAt: NOON }), started(2)];
    const { drafts, askAt } = planned(asking(...second), answers(UNKNOWN, 2));
    expect(drafts).toEqual([ended(2, UNKNOWN), asks(1, 2, askAt)]);
  });

  it('is not asked before the time that it names itself', () => {
    const busy = { says: 'unknown', httpStatus: 503, retryAfterMs: 9_000 } as const;
    expect(planned(asking(), answersQuestion(busy)).askAt).toBe(NOON + 9_000);
  });

  it('is not asked past the deadline, nor ten minutes after the call came', () => {
    const waits = (retryAfterMs: number) => answersQuestion({ says: 'unknown', httpStatus: 429, retryAfterMs });
    expect(planned(asking(), waits(599 * SECOND)).askAt).toBe(NOON + 599 * SECOND);
    expect(planned(asking(), waits(600 * SECOND)).drafts.at(-1)).toMatchObject({ type: 'in-doubt' });
    const late = given(asked(), at(CALL_DEADLINE - 5 * MINUTE, queued()), started(), ended(1, UNKNOWN), asks());
    expect(planned(late, waits(300 * SECOND), CALL_DEADLINE - 5 * MINUTE).askAt).toBeUndefined();
  });

  it('leaves a call that is in doubt by then as it is', () => {
    inDoubt().when(answersQuestion(WHO_KNOWS)).then();
  });
});

describe('an answer to a question that is not open any more', () => {
  it.each<[string, Draft[]]>([
    ['another question is', [unknown, asks(2)]],
    ['the call rests until its next attempt', [says('not_executed', { retryAt: NOON + SECOND })]],
    ['the next attempt is open', [says('not_executed', { retryAt: NOON }), started(2)]],
    ['the call has ended', [doneAsAsked()]],
    ['the call was resolved', [doubt('timeout', null, 1), resolvedAsked]],
  ])('changes nothing: %s', (_what, past) => {
    for (const word of [DID, DID_NOT, WHO_KNOWS])
      asking(...past)
        .when(answersQuestion(word))
        .then();
  });
});

describe('while its tool is asked, a call', () => {
  it('ends with the late word of its attempt that it was done', () => {
    asking().when(answers(DONE)).then(ended(1, DONE), done());
  });

  it('ends with the tool’s own late error, and is sent again where it turns out not to have been', () => {
    asking()
      .when(answers(TOOL_ERROR))
      .then(ended(1, TOOL_ERROR), failedWith('tool_error', 422, 1));
    const [draft, ...others] = asking().stage.decide(answers(REFUSED), NOON);
    expect(draft).toMatchObject({ type: 'attempt-ended', data: { known: 'refused', retryAt: expect.any(Number) } });
    expect(others).toEqual([]);
  });

  it('goes on being asked about where a late word leaves another attempt unknown', () => {
    const two = given(toolIs({ onUnknown: 'retry' }), queued(), started(), again(1, UNKNOWN), started(2), asked());
    for (const draft of [ended(2, UNKNOWN), asks(1, 2)]) two.stage.fold(draft, NOON);
    two.when(answers(TOOL_ERROR, 1)).then(ended(1, TOOL_ERROR));
    two.when(answers(REFUSED, 1)).then(ended(1, REFUSED));
  });

  it('is in doubt at its deadline, which a new owner does not wait past', () => {
    asking()
      .when('timer', CALL_DEADLINE - 1)
      .then();
    asking()
      .when('timer', CALL_DEADLINE)
      .then(doubt('timeout', null, 1, CALL_DEADLINE + HOLD));
  });

  it('is not ended by the kill switch: a question acts on nothing; but nothing is sent behind it', () => {
    asking(agentIsDisabled()).when('config-changed').then();
    asking(agentIsDisabled()).when(answersQuestion(DID)).then(says('executed'), doneAsAsked());
    const { stage } = asking(agentIsDisabled());
    stage.take(answersQuestion(DID_NOT));
    expect(stage.decide({ prepared: 'call_1' }, NOON + SECOND)).toEqual([disabled()]);
    expect(stage.decide('config-changed')).toEqual([disabled()]);
  });
});
