import fc from 'fast-check';
import {
  isEnding,
  type AttemptAnswer,
  type DataOf,
  type dispatchStarted,
  type Draft,
  type reconcileQueued,
} from '@tollgate/events';
import { dispatchStage } from './dispatch.stage.js';
import {
  agentIsDisabled,
  CALL_DEADLINE,
  DAY,
  DONE,
  HOLD,
  keyIs,
  MINUTE,
  MISSED,
  NOON,
  NOT_SENT,
  one,
  REFUSED,
  RESULT,
  SERVER_ERROR,
  toolIs,
  TOOL_ERROR,
  UNKNOWN,
} from './spec/calls.js';
import type { ReconcileWord } from './decide-reconciled.js';
import { answers, answersQuestion, given, type Input } from './spec/given.js';

const ANSWERS: readonly AttemptAnswer[] = [DONE, NOT_SENT, MISSED, REFUSED, TOOL_ERROR, UNKNOWN, SERVER_ERROR];
const WORDS: readonly ReconcileWord[] = [
  { says: 'executed', httpStatus: 200, result: RESULT },
  { says: 'not_executed', httpStatus: 200 },
  { says: 'unknown', httpStatus: null },
];
const RETRIES = 2;

type Step = Input | 'disable' | { readonly pass: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant({ prepared: 'call_1' }) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...ANSWERS), fc.integer({ min: 1, max: 5 }))
        .map(([answer, attempt]) => answers(answer, attempt)),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...WORDS), fc.integer({ min: 1, max: RETRIES }), fc.integer({ min: 1, max: 3 }))
        .map(([word, question, attempt]) => answersQuestion(word, question, attempt)),
    },
    { weight: 2, arbitrary: fc.constant('timer' as const) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 2 * MINUTE }).map((pass) => ({ pass })) },
    { weight: 1, arbitrary: fc.constant({ pass: 16 * MINUTE }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>('disable', 'config-changed') },
    {
      weight: 1,
      arbitrary: fc.record({
        word: fc.record({
          commandId: fc.uuid(),
          callId: fc.constant('call_1'),
          outcome: fc.constantFrom('executed' as const, 'failed' as const),
          keyId: fc.constant('key_admin'),
          gateway: fc.constant('gw'),
        }),
      }),
    },
  ),
  { maxLength: 40 },
);

/** What the journal says about the call, as somebody who only reads it would judge. */
class Witness {
  ends: Draft[] = [];
  private readonly unknown = new Set<number>();
  private readonly open = new Set<number>();
  private tries = 0;

  constructor(private readonly onUnknown: string) {}

  sees(draft: Draft, now: number): void {
    if (draft.type === 'dispatch-started') this.starts(draft.data as DataOf<typeof dispatchStarted>, now);
    if (draft.type === 'attempt-ended')
      this.attemptEnds(draft.data as { attempt: number; known: string; code?: string });
    if (draft.type === 'reconcile-queued') this.isAsked(draft.data as DataOf<typeof reconcileQueued>, now);
    if (draft.type === 'reconcile-answered' && (draft.data as { says: string }).says === 'not_executed') {
      this.unknown.clear();
    }
    if (isEnding(draft as never)) this.callEnds(draft);
  }

  private starts({ attempt }: DataOf<typeof dispatchStarted>, now: number): void {
    expect(this.ends).toEqual([]);
    expect(this.open.size).toBe(0);
    expect(now).toBeLessThan(CALL_DEADLINE);
    if (this.onUnknown === 'hold' || this.onUnknown === 'reconcile') expect(this.unknown.size).toBe(0);
    expect(this.tries).toBeLessThanOrEqual(RETRIES);
    this.open.add(attempt);
  }

  private isAsked({ question, askAt }: DataOf<typeof reconcileQueued>, now: number): void {
    expect([this.onUnknown, this.ends, this.open.size]).toEqual(['reconcile', [], 0]);
    expect(this.unknown.size).toBeGreaterThan(0);
    expect(question).toBeLessThanOrEqual(RETRIES);
    expect(askAt).toBeGreaterThanOrEqual(now);
    expect(askAt).toBeLessThan(CALL_DEADLINE);
  }

  private attemptEnds({ attempt, known, code }: { attempt: number; known: string; code?: string }): void {
    if (!this.unknown.has(attempt)) this.tries += code === 'internal_error' ? 0 : 1;
    this.open.delete(attempt);
    if (known === 'unknown') this.unknown.add(attempt);
    else this.unknown.delete(attempt);
  }

  private callEnds(draft: Draft): void {
    const [first, second] = this.ends;
    if (first === undefined) expect(draft.type).not.toBe('resolved');
    else expect([first.type, draft.type, second]).toEqual(['in-doubt', 'resolved', undefined]);
    const guessed = draft.type === 'failed' || draft.type === 'blocked';
    if (guessed && this.onUnknown !== 'fail') expect(this.unknown.size).toBe(0);
    if (draft.type === 'in-doubt') expect(this.unknown.size).toBeGreaterThan(0);
    if (draft.type !== 'executed' && draft.type !== 'resolved') expect(this.open.size).toBe(0);
    this.ends.push(draft);
  }
}

describe('in any interleaving of answers, deadlines, questions, words and the kill switch', () => {
  it.each(['hold', 'retry', 'reconcile', 'fail'] as const)(
    'with on_unknown %s a call ends once, and nothing unknown is guessed',
    (onUnknown) => {
      fc.assert(
        fc.property(steps, (all) => {
          const { stage } = given(
            keyIs(),
            toolIs({ onUnknown, maxRetries: RETRIES, reconcileUrl: 'https://tools.example/known' }),
          );
          const witness = new Witness(onUnknown);
          let now = NOON;
          const take = (input: Input): void => {
            for (const draft of stage.take(input, now)) witness.sees(draft, now);
          };
          take({ reserved: one, ready: false });
          for (const step of all) {
            if (step === 'disable') stage.fold(agentIsDisabled(), now);
            else if (typeof step === 'object' && 'pass' in step) now += step.pass;
            else if (answerable(stage.state, step)) take(step);
          }
          // Whatever happened: time alone ends the call, and after its hold the stage has nothing left of it.
          for (now += HOLD + DAY; dispatchStage.wakeAt(stage.state) !== undefined; now += HOLD + DAY) take('timer');
          expect(witness.ends.length).toBeGreaterThanOrEqual(1);
          expect(stage.state.calls.size).toBe(0);
        }),
        { numRuns: 500 },
      );
    },
  );
});

/** Tools answer attempts that were started, or the one whose connection is being made. */
function answerable(state: ReturnType<typeof given>['stage']['state'], step: Input): boolean {
  if (typeof step === 'string' || !('answered' in step)) return true;
  const call = state.calls.get('call_1');
  const started = call?.attempts.some(({ number, deadline }) => number === step.attempt && deadline > 0) ?? false;
  const connecting = call?.phase.is === 'queued' || call?.phase.is === 'resting';
  return started || (connecting && step.attempt === call.attempts.length + 1 && step.answer.known === 'not_sent');
}
