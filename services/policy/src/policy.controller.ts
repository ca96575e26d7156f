import { Controller, Inject } from '@nestjs/common';
import {
  ALL_DECIDED,
  DRY_RUN,
  finish,
  tryAtPolicy,
  type Draft,
  type EventOf,
  type requested,
  type TollgateEvent,
} from '@tollgate/events';
import { policyEntry } from '@tollgate/journal';
import { Answers, AsOf, Decides, Input, type Turn } from '@tollgate/stage';
import { decideCall, decideUnder, type PolicySettings } from './decide-call.js';
import type { PolicyState } from './policy.state.js';

export const POLICY_SETTINGS = Symbol('policy settings');

/** Which decision answers which input. */
@Controller()
export class PolicyController {
  constructor(@Inject(POLICY_SETTINGS) private readonly settings: PolicySettings) {}

  @Decides('calls/requested')
  requested(@Input() event: EventOf<typeof requested>, @AsOf() turn: Turn<PolicyState>): readonly Draft[] {
    return decideCall(event.tenant, event.data, turn, this.settings);
  }

  @Answers(DRY_RUN)
  dryRun(@Input() asked: unknown, @AsOf() turn: Turn<PolicyState>): TollgateEvent {
    const { tenant, requested, policy } = tryAtPolicy.parse(asked);
    const stored = policyEntry(turn.config, tenant, requested.call.agent)?.value;
    return finish(decideUnder(policy ?? stored, tenant, requested, turn, this.settings), 0, turn.now);
  }

  /** That it is answered says it: the host looks at the inputs before, and answers when the journal has what was decided. */
  @Answers(ALL_DECIDED)
  allDecided(): boolean {
    return true;
  }
}
