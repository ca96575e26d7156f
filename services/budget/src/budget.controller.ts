import { Controller } from '@nestjs/common';
import type { Draft, EndingEvent, EventOf, leaseAcquired } from '@tollgate/events';
import { AsOf, Decides, Input, type Turn } from '@tollgate/stage';
import type { BudgetState } from './budget.state.js';
import { decideEnded, decideLeased, decideLooked } from './decide-budget.js';

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

  @Decides('dispatch/blocked', 'dispatch/failed', 'dispatch/resolved')
  ended(@Input() event: EndingEvent, @AsOf() turn: BudgetTurn): readonly Draft[] {
    return decideEnded(turn.state, event);
  }
}
