import { policySet, type PolicyDocument } from '@tollgate/events';
import { configSubject, findTool, policyEntry, type Clock, type ConfigState } from '@tollgate/journal';
import type { Caller } from '../auth/caller.js';
import type { ConfigEdits } from '../config/config-edits.js';
import type { CurrentConfig } from '../config/current-config.js';
import type { InForce } from '../config/in-force.js';
import { invalidValue } from '../http/contract-error.js';
import type { PlanOf } from '../plans/plan-of.js';
import { mergedRules, nextPolicy } from './policy-edit.js';
import type { PolicyBody } from './policy.schema.js';
import { trimmedTo } from './trimmed-policy.js';
import { mustKnow, namedTools, type UnknownTools } from './unknown-tools.js';

export interface PolicyEditsParts {
  readonly config: Pick<CurrentConfig, 'state' | 'readToEnd'>;
  readonly edits: ConfigEdits;
  readonly inForce: InForce;
  readonly planOf: PlanOf;
  readonly unknown: UnknownTools;
  readonly clock: Clock;
}

/** What is to become of an agent's policy. */
export interface WantedPolicy {
  readonly agent: string;
  readonly sent: PolicyBody;
  /** `merge`: members that were not sent stay as they are. */
  readonly how: 'merge' | 'replace';
  readonly trace?: string | undefined;
}

/** Contract section 4, the changes of a policy, behind HTTP. */
export class PolicyEdits {
  constructor(private readonly parts: PolicyEditsParts) {}

  /** @throws ContractError 400, 422; 503 when it is not confirmed: the change may stand */
  async set({ tenant, keyId }: Caller, { agent, sent, how, trace }: WantedPolicy): Promise<PolicyDocument> {
    mustNameAgent(sent, agent);
    const { edits, inForce, clock } = this.parts;
    const { seq, outcome } = await edits.edit(configSubject(tenant, 'policy', agent), (state) => {
      const entry = policyEntry(state, tenant, agent);
      const taken = this.taken(state, tenant, agent, sent);
      const rules = mergedRules(how === 'merge' ? entry?.value : undefined, taken);
      const next = nextPolicy(agent, entry?.value, rules, clock.now());
      const change = next === entry?.value ? undefined : policySet.draft(tenant, { by: keyId, policy: next }, trace);
      return { seq: entry?.seq ?? 0, change, outcome: next };
    });
    await inForce.from(tenant, seq, { stages: ['policy'] });
    return outcome;
  }

  /**
   * The policy that would be stored, were this all of it.
   *
   * @throws ContractError 400, 422, 503
   */
  async asStored({ tenant }: Caller, agent: string, sent: PolicyBody): Promise<PolicyDocument> {
    mustNameAgent(sent, agent);
    const { config, clock } = this.parts;
    await config.readToEnd();
    const current = policyEntry(config.state, tenant, agent)?.value;
    return nextPolicy(
      agent,
      current,
      mergedRules(undefined, this.taken(config.state, tenant, agent, sent)),
      clock.now(),
    );
  }

  /** Of what was sent, what the plan allows; the tools named may have to exist. */
  private taken(state: ConfigState, tenant: string, agent: string, sent: PolicyBody): PolicyBody {
    const taken = trimmedTo(this.parts.planOf(tenant), sent);
    if (this.parts.unknown === 'refuse') {
      mustKnow(namedTools(taken), (tool) => findTool(state, tenant, agent, tool) !== undefined);
    }
    return taken;
  }
}

function mustNameAgent({ agent_id }: PolicyBody, agent: string): void {
  if (typeof agent_id === 'string' && agent_id !== agent) {
    throw invalidValue(['body', 'agent_id'], 'The path names another agent', agent_id.slice(0, 100));
  }
}
