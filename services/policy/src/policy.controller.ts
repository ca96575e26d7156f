import { Controller, Inject } from '@nestjs/common';
import type { Draft, EventOf, requested } from '@tollgate/events';
import { AsOf, Decides, Input, type Turn } from '@tollgate/stage';
import { decideCall, type PolicySettings } from './decide-call.js';
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
}
