import {
  finish,
  type answerHandedOver,
  type AttemptAnswer,
  type DataOf,
  type Draft,
  type LeasedCall,
  type resolutionRequested,
} from '@tollgate/events';
import { emptyConfig, foldConfig } from '@tollgate/journal';
import { decideAnswer, decideHandedOver } from '../decide-answer.js';
import { decideTimer } from '../decide-due.js';
import { decideConfigChanged, decidePrepared, decideReserved, toolOf } from '../decide-queued.js';
import { decideReconciled, type Question, type ReconcileWord } from '../decide-reconciled.js';
import { decideResolution } from '../decide-resolution.js';
import { evolveDispatch, initialDispatchState, type DispatchedCall } from '../dispatch.state.js';
import { NOON, TENANT } from './calls.js';

/** What happened, and when, ms since the epoch. */
export interface Past {
  readonly at: number;
  readonly draft: Draft;
}

export const at = (time: number, draft: Draft): Past => ({ at: time, draft });

/** What the dispatcher takes in. */
export type Input =
  | { readonly reserved: LeasedCall; readonly ready?: boolean }
  | { readonly prepared: string }
  | { readonly answered: string; readonly attempt: number; readonly answer: AttemptAnswer }
  | { readonly reconciled: Question; readonly by: ReconcileWord }
  | { readonly handedOver: DataOf<typeof answerHandedOver> }
  | { readonly word: DataOf<typeof resolutionRequested>; readonly tenant?: string }
  | 'config-changed'
  | 'timer';

export const answers = (answer: AttemptAnswer, attempt = 1, callId = 'call_1'): Input => ({
  answered: callId,
  attempt,
  answer,
});

export const answersQuestion = (word: ReconcileWord, question = 1, attempt = 1): Input => ({
  reconciled: { callId: 'call_1', attempt, question },
  by: word,
});

/** The dispatch stage without its host and without tools: decides one input at a time and folds what it decided. */
export class DispatchStage {
  readonly state = initialDispatchState();
  readonly config = emptyConfig();
  private lastId = 0;

  /** An event of the own journal or of CONFIG. */
  fold(draft: Draft, now: number): void {
    this.lastId += 1;
    const event = finish(draft, this.lastId, now);
    evolveDispatch(this.state, event);
    foldConfig(this.config, this.lastId, event);
  }

  decide(input: Input, now = NOON): readonly Draft[] {
    const { state, config } = this;
    const tool = ({ tenant, leased }: DispatchedCall) => toolOf(config, tenant, leased);
    if (input === 'timer') return decideTimer(state, config, now);
    if (input === 'config-changed') return decideConfigChanged(state, config, now);
    if ('reserved' in input) return decideReserved(TENANT, input.reserved, config, now, input.ready ?? false);
    if ('prepared' in input) return decidePrepared(state, input.prepared, config, now);
    if ('handedOver' in input) return decideHandedOver(state, input.handedOver, tool, now);
    if ('reconciled' in input) return decideReconciled(state, input.reconciled, input.by, tool, now);
    if ('word' in input) return decideResolution(state, input.tenant ?? TENANT, input.word, config, now);
    return decideAnswer(state, input.answered, input.attempt, input.answer, tool, now);
  }

  take(input: Input, now = NOON): readonly Draft[] {
    const drafts = this.decide(input, now);
    for (const draft of drafts) this.fold(draft, now);
    return drafts;
  }
}

/** `given(what is configured and happened).when(an input, at a time).then(what is decided)`. */
export function given(...past: readonly (Draft | Past)[]) {
  const stage = new DispatchStage();
  for (const one of past) {
    if ('draft' in one) stage.fold(one.draft, one.at);
    else stage.fold(one, NOON);
  }
  return {
    stage,
    when: (input: Input, now = NOON) => {
      const decided = stage.decide(input, now);
      return {
        decided,
        then: (...expected: readonly Draft[]): void => {
          expect(decided).toEqual(expected);
        },
      };
    },
  };
}
