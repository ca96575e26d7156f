import { finish, type Draft } from '@tollgate/events';
import { evolveBudget, initialBudgetState } from '../budget.state.js';
import { decideEnded, decideLeased, decideLooked, decideSettled } from '../decide-budget.js';
import { NOON } from './calls.js';

/** What happened, and when, ms since the epoch. */
export interface Past {
  readonly at: number;
  readonly draft: Draft;
}

export const at = (time: number, draft: Draft): Past => ({ at: time, draft });

/** What the budget stage takes in: an event of another journal, or the end of its look for a call. */
export type Input = Draft | { readonly looked: string };

/** The budget stage without its host: decides one input at a time and folds what it decided. */
export class BudgetStage {
  readonly state = initialBudgetState();
  private lastId = 0;

  fold(draft: Draft, now: number): void {
    this.lastId += 1;
    evolveBudget(this.state, finish(draft, this.lastId, now));
  }

  decide(input: Input, now = NOON): readonly Draft[] {
    if ('looked' in input) return decideLooked(this.state, input.looked, now);
    const event = finish(input, 0, now);
    switch (event.type) {
      case 'lease-acquired': {
        const { claim: _claim, ...leased } = event.data;
        return decideLeased(this.state, event.tenant, leased, now);
      }
      case 'settlement-answered':
        return decideSettled(this.state, event);
      case 'blocked':
      case 'failed':
      case 'resolved':
        return decideEnded(this.state, event);
      default:
        throw new TypeError(`no decision of the budget stage takes ${event.type}`);
    }
  }

  take(input: Input, now = NOON): readonly Draft[] {
    const drafts = this.decide(input, now);
    for (const draft of drafts) this.fold(draft, now);
    return drafts;
  }
}

/** `given(what happened).when(an input, at a time).then(what is decided)`. */
export function given(...past: readonly (Draft | Past)[]) {
  const stage = new BudgetStage();
  for (const one of past) {
    if ('draft' in one) stage.fold(one.draft, one.at);
    else stage.fold(one, NOON);
  }
  return {
    stage,
    when: (input: Input, now = NOON) => ({
      then: (...expected: readonly Draft[]): void => {
        expect(stage.decide(input, now)).toEqual(expected);
      },
    }),
  };
}
