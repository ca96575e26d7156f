import { Controller } from '@nestjs/common';
import {
  DRY_RUN,
  finish,
  tryAtBudget,
  type Draft,
  type EndingEvent,
  type EventOf,
  type leaseAcquired,
  type settlementAnswered,
  type TollgateEvent,
} from '@tollgate/events';
import { Answers, AsOf, Decides, Input, type Turn } from '@tollgate/stage';
import type { BudgetState } from './budget.state.js';
import { decideEnded, decideFinally, decideLeased, decideLooked, decideSettled } from './decide-budget.js';

type BudgetTurn = Turn<BudgetState>;

/** Which decision answers which input. */
@Controller()
export class BudgetController {
  @Decides('lease/lease-acquired')
  leased(@Input() event: EventOf<typeof leaseAcquired>, @AsOf() turn: BudgetTurn): readonly Draft[] {
    const { claim: _claim, ...leased } = event.data;
    return decideLeased(turn.state, event.tenant, leased, turn.now);
  }

  @Decides('local/looked')
  looked(@Input() { id }: { id: string }, @AsOf() turn: BudgetTurn): readonly Draft[] {
    return decideLooked(turn.state, id, turn.now);
  }

  @Decides('dispatch/settlement-answered')
  settled(@Input() event: EventOf<typeof settlementAnswered>, @AsOf() turn: BudgetTurn): readonly Draft[] {
    return decideSettled(turn.state, event);
  }

  @Decides('dispatch/blocked', 'dispatch/failed', 'dispatch/resolved')
  ended(@Input() event: EndingEvent, @AsOf() turn: BudgetTurn): readonly Draft[] {
    return decideEnded(turn.state, event);
  }

  /** The look that a refusal waits for has been made before anything is answered. */
  @Answers(DRY_RUN)
  dryRun(@Input() asked: unknown, @AsOf() { state, now }: BudgetTurn): TollgateEvent {
    const { tenant, leased } = tryAtBudget.parse(asked);
    return finish(decideFinally(state, tenant, leased, now), 0, now);
  }
}
