import { Controller, Inject } from '@nestjs/common';
import type {
  answerHandedOver,
  AttemptAnswer,
  budgetReserved,
  DataOf,
  dispatchStarted,
  Draft,
  EventOf,
  resolutionRequested,
  settlementRequested,
  ToolDocument,
} from '@tollgate/events';
import { AsOf, Decides, Input, type Turn } from '@tollgate/stage';
import { decideAnswer, decideHandedOver } from './decide-answer.js';
import { decideTimer } from './decide-due.js';
import { decideConfigChanged, decidePrepared, decideReserved, toolOf } from './decide-queued.js';
import { decideReconciled, type Question, type ReconcileWord } from './decide-reconciled.js';
import { decideResolution } from './decide-resolution.js';
import { decideSettlement } from './decide-settlement.js';
import type { DispatchedCall, DispatchState } from './dispatch.state.js';
import { Dispatching } from './dispatching.js';

type DispatchTurn = Turn<DispatchState>;

/** Which decision answers which input. */
@Controller()
export class DispatchController {
  constructor(@Inject(Dispatching) private readonly dispatching: Dispatching) {}

  @Decides('budget/budget-reserved')
  reserved(@Input() event: EventOf<typeof budgetReserved>, @AsOf() turn: DispatchTurn): readonly Draft[] {
    const { tenant, data } = event;
    const ready = this.dispatching.prepareNow(turn.partition, tenant, data);
    return this.permitted(turn, decideReserved(tenant, data, turn.config, turn.now, ready));
  }

  @Decides('local/prepared')
  prepared(@Input() { callId }: { callId: string }, @AsOf() turn: DispatchTurn): readonly Draft[] {
    if (this.dispatching.preparesAgain(turn.partition, callId, turn.now)) return [];
    return this.permitted(turn, decidePrepared(turn.state, callId, turn.config, turn.now));
  }

  @Decides('local/answered')
  answered(
    @Input() { callId, attempt, answer }: { callId: string; attempt: number; answer: AttemptAnswer },
    @AsOf() turn: DispatchTurn,
  ): readonly Draft[] {
    return decideAnswer(turn.state, callId, attempt, answer, toolIn(turn), turn.now);
  }

  @Decides('local/reconciled')
  reconciled(
    @Input() { asked, word }: { asked: Question; word: ReconcileWord },
    @AsOf() turn: DispatchTurn,
  ): readonly Draft[] {
    return decideReconciled(turn.state, asked, word, toolIn(turn), turn.now);
  }

  @Decides('calls/answer-handed-over')
  handedOver(@Input() event: EventOf<typeof answerHandedOver>, @AsOf() turn: DispatchTurn): readonly Draft[] {
    return decideHandedOver(turn.state, event.data, toolIn(turn), turn.now);
  }

  @Decides('calls/resolution-requested')
  resolution(@Input() event: EventOf<typeof resolutionRequested>, @AsOf() turn: DispatchTurn): readonly Draft[] {
    return decideResolution(turn.state, event.tenant, event.data, turn.config, turn.stampMs);
  }

  @Decides('calls/settlement-requested')
  settlement(@Input() event: EventOf<typeof settlementRequested>, @AsOf() turn: DispatchTurn): readonly Draft[] {
    return decideSettlement(turn.state, event.tenant, event.data);
  }

  @Decides('local/config-changed')
  configChanged(@AsOf() turn: DispatchTurn): readonly Draft[] {
    return decideConfigChanged(turn.state, turn.config, turn.now);
  }

  @Decides('timer')
  due(@AsOf() turn: DispatchTurn): readonly Draft[] {
    return decideTimer(turn.state, turn.config, turn.now);
  }

  /** The permit runs from the decision, not from its ack (rule 10). */
  private permitted(turn: DispatchTurn, drafts: readonly Draft[]): readonly Draft[] {
    for (const { type, tenant, data, trace } of drafts) {
      if (type !== 'dispatch-started') continue;
      const { call, attempt } = data as DataOf<typeof dispatchStarted>;
      this.dispatching.decided(turn.partition, { tenant, call, attempt, trace });
    }
    return drafts;
  }
}

const toolIn =
  ({ config }: DispatchTurn) =>
  ({ tenant, leased }: DispatchedCall): ToolDocument | undefined =>
    toolOf(config, tenant, leased);
