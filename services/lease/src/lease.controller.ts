import { Controller, Inject } from '@nestjs/common';
import {
  DRY_RUN,
  finish,
  Plans,
  tryAtLease,
  type attemptEnded,
  type commandRequested,
  type Draft,
  type EndingEvent,
  type EventOf,
  type holdEnded,
  type policyPassed,
  type settlementAnswered,
  type TollgateEvent,
} from '@tollgate/events';
import type { ConfigState } from '@tollgate/journal';
import { Answers, AsOf, Decides, Input, type Turn } from '@tollgate/stage';
import { decideAttempt } from './decide-attempt.js';
import { decidePassed } from './decide-passed.js';
import { decideLooked } from './decide-looked.js';
import type { LeaseState } from './lease.state.js';
import { answerWaiters, settle, settleHold, settleParked, type PlanOf } from './settle.js';
import { decideCommand } from './tasks/decide-command.js';
import { decideTasksDue } from './tasks/decide-due.js';
import { endedActionOf } from './tasks/ended-action.js';
import { actionHasEnded } from './tasks/jobs.js';

type LeaseTurn = Turn<LeaseState>;

/** Which decision answers which input. */
@Controller()
export class LeaseController {
  constructor(@Inject(Plans) private readonly plans: Plans) {}

  @Decides('policy/policy-passed')
  passed(@Input() event: EventOf<typeof policyPassed>, @AsOf() turn: LeaseTurn): readonly Draft[] {
    const plan = this.planIn(turn.config)(event.tenant);
    return decidePassed(turn.state, event.tenant, event.data, { now: turn.now, plan });
  }

  @Decides('calls/command-requested')
  command(@Input() { tenant, data }: EventOf<typeof commandRequested>, @AsOf() turn: LeaseTurn): readonly Draft[] {
    const { config, now, stampMs, place } = turn;
    return decideCommand(turn.state, tenant, data, { config, planOf: this.planIn(config), now, stampMs, place });
  }

  @Decides('local/looked')
  looked(@Input() { id }: { id: string }, @AsOf() turn: LeaseTurn): readonly Draft[] {
    const { config, now } = turn;
    return decideLooked(turn.state, id, { config, planOf: this.planIn(config), now });
  }

  /** Policy ends calls that this stage never had; they may be actions of a job. */
  @Decides('policy/blocked', 'policy/failed')
  endedByPolicy(@Input() event: EndingEvent, @AsOf() turn: LeaseTurn): readonly Draft[] {
    return actionHasEnded(turn.state, endedActionOf(event, turn.place), turn.now);
  }

  @Decides(
    'budget/blocked',
    'budget/failed',
    'dispatch/blocked',
    'dispatch/failed',
    'dispatch/executed',
    'dispatch/in-doubt',
    'dispatch/resolved',
  )
  ended(@Input() event: EndingEvent, @AsOf() turn: LeaseTurn): readonly Draft[] {
    const { state, place, now } = turn;
    const settled = settle(state, event, place);
    return [...settled, ...actionHasEnded(state, endedActionOf(event, place), now)];
  }

  @Decides('dispatch/hold-ended')
  holdEnded(@Input() event: EventOf<typeof holdEnded>, @AsOf() turn: LeaseTurn): readonly Draft[] {
    return settleHold(turn.state, event.tenant, event.data.callId, turn.now);
  }

  @Decides('dispatch/settlement-answered')
  settlementAnswered(@Input() event: EventOf<typeof settlementAnswered>, @AsOf() turn: LeaseTurn): readonly Draft[] {
    return settleParked(turn.state, event, turn.now);
  }

  @Decides('dispatch/attempt-ended')
  attemptEnded(@Input() event: EventOf<typeof attemptEnded>, @AsOf() turn: LeaseTurn): readonly Draft[] {
    return decideAttempt(turn.state, event);
  }

  @Decides('timer')
  timer(@AsOf() turn: LeaseTurn): readonly Draft[] {
    const answers = answerWaiters(turn.state, turn.now, this.planIn(turn.config));
    return answers.length > 0 ? answers : decideTasksDue(turn.state, turn.now);
  }

  /** The look that a refusal waits for has been made before anything is answered. */
  @Answers(DRY_RUN)
  dryRun(@Input() asked: unknown, @AsOf() { state, config, now }: LeaseTurn): TollgateEvent | undefined {
    const { tenant, passed } = tryAtLease.parse(asked);
    const [draft] = decidePassed(state, tenant, passed, { now, plan: this.planIn(config)(tenant), looked: true });
    return draft && finish(draft, 0, now);
  }

  /** The names of the plans that there are, for who gives a tenant one. */
  @Answers('plans')
  planNames(): readonly string[] {
    return this.plans.names;
  }

  private planIn(config: ConfigState): PlanOf {
    return (tenant) => this.plans.of(config.tenants.get(tenant)?.value.plan);
  }
}
