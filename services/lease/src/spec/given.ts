import { DEFAULT_PLANS, finish, Plans, type Draft, type TollgateEvent } from '@tollgate/events';
import { decideAttempt } from '../decide-attempt.js';
import { decidePassed } from '../decide-passed.js';
import { evolveLease, initialLeaseState } from '../lease.state.js';
import { answerWaiters, settle, settleHold } from '../settle.js';
import { NOON } from './calls.js';

/** What happened, and when, ms since the epoch. */
export interface Past {
  readonly at: number;
  readonly draft: Draft;
}

export const at = (time: number, draft: Draft): Past => ({ at: time, draft });

/** What the lease stage takes in: an event of another journal, or its own timer. */
export type Input = Draft | 'timer';

export const UNLIMITED = new Plans(DEFAULT_PLANS, 'unlimited').of(undefined);
const PLACE = { stream: 'DISPATCH-0', seq: 1, index: 0 };

/** The lease stage without its host: decides one input at a time and folds what it decided. */
export class LeaseStage {
  readonly state = initialLeaseState();
  /** Everything that was folded, in order. */
  readonly journal: TollgateEvent[] = [];

  fold(draft: Draft, now: number): void {
    const event = finish(draft, this.journal.length + 1, now);
    this.journal.push(event);
    evolveLease(this.state, event);
  }

  decide(input: Input, now = NOON): readonly Draft[] {
    return input === 'timer'
      ? answerWaiters(this.state, now, () => UNLIMITED)
      : this.decideEvent(finish(input, 0, now), now);
  }

  take(input: Input, now = NOON): readonly Draft[] {
    const drafts = this.decide(input, now);
    for (const draft of drafts) this.fold(draft, now);
    return drafts;
  }

  private decideEvent(event: TollgateEvent, now: number): readonly Draft[] {
    switch (event.type) {
      case 'policy-passed':
        return decidePassed(this.state, event.tenant, event.data, { now, plan: UNLIMITED });
      case 'attempt-ended':
        return decideAttempt(this.state, event);
      case 'hold-ended':
        return settleHold(this.state, event.tenant, event.data.callId);
      case 'in-doubt':
      case 'blocked':
      case 'failed':
      case 'executed':
      case 'resolved':
        return settle(this.state, event, PLACE);
      default:
        throw new TypeError(`no decision of the lease stage takes ${event.type}`);
    }
  }
}

/** `given(what happened).when(an input, at a time).then(what is decided)`. */
export function given(...past: readonly (Draft | Past)[]) {
  const stage = new LeaseStage();
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
