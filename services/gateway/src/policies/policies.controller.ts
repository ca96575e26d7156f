import { Body, Controller, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { policySet, type PolicyDocument } from '@tollgate/events';
import { configSubject, findTool, policyEntry } from '@tollgate/journal';
import { TheCaller } from '../auth/access.js';
import { mergePolicyDocs, policiesDocs, policyDocs, replacePolicyDocs } from './policies.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { ConfigEdits } from '../config/config-edits.js';
import { CurrentConfig } from '../config/current-config.js';
import { InForce } from '../config/in-force.js';
import { invalidValue, notFound } from '../http/contract-error.js';
import { activeTraceparent } from '../http/request-span.js';
import { mergedRules, nextPolicy, policyAnswer } from './policy-edit.js';
import { policyBody, policyPath, type PolicyBody, type PolicyPath } from './policy.schema.js';
import { mustKnow, namedTools, UNKNOWN_TOOLS, type UnknownTools } from './unknown-tools.js';

/** Contract section 4. */
@Controller('v1/policies')
export class PoliciesController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(ConfigEdits) private readonly edits: ConfigEdits,
    @Inject(InForce) private readonly inForce: InForce,
    @Inject(UNKNOWN_TOOLS) private readonly unknown: UnknownTools,
  ) {}

  @Documented(mergePolicyDocs)
  @Post(':agent_id')
  merge(
    @TheCaller() caller: Caller,
    @Param({ schema: policyPath }) { agent_id }: PolicyPath,
    @Body({ schema: policyBody }) sent: PolicyBody,
  ) {
    return this.set(caller, agent_id, sent, (current) => mergedRules(current, sent));
  }

  @Documented(replacePolicyDocs)
  @Put(':agent_id')
  replace(
    @TheCaller() caller: Caller,
    @Param({ schema: policyPath }) { agent_id }: PolicyPath,
    @Body({ schema: policyBody }) sent: PolicyBody,
  ) {
    return this.set(caller, agent_id, sent, () => mergedRules(undefined, sent));
  }

  @Documented(policiesDocs)
  @Get()
  async all(@TheCaller() { tenant }: Caller) {
    await this.config.readToEnd();
    return [...this.config.state.policies.values()]
      .filter((entry) => entry.tenant === tenant)
      .map(({ value }) => value)
      .sort((one, other) => (one.agent < other.agent ? -1 : 1))
      .map(policyAnswer);
  }

  @Documented(policyDocs)
  @Get(':agent_id')
  async one(@TheCaller() { tenant }: Caller, @Param({ schema: policyPath }) { agent_id }: PolicyPath) {
    await this.config.readToEnd();
    const found = policyEntry(this.config.state, tenant, agent_id);
    if (found === undefined) throw notFound('policy_not_found', 'The agent has no policy');
    return policyAnswer(found.value);
  }

  private async set(
    { tenant, keyId }: Caller,
    agent: string,
    sent: PolicyBody,
    rulesFrom: (current: PolicyDocument | undefined) => ReturnType<typeof mergedRules>,
  ) {
    if (typeof sent.agent_id === 'string' && sent.agent_id !== agent) {
      throw invalidValue(['body', 'agent_id'], 'The path names another agent', sent.agent_id.slice(0, 100));
    }
    const { seq, outcome } = await this.edits.edit(configSubject(tenant, 'policy', agent), (state) => {
      if (this.unknown === 'refuse')
        mustKnow(namedTools(sent), (tool) => findTool(state, tenant, agent, tool) !== undefined);
      const entry = policyEntry(state, tenant, agent);
      const next = nextPolicy(agent, entry?.value, rulesFrom(entry?.value), Date.now());
      const change = next && policySet.draft(tenant, { by: keyId, policy: next }, activeTraceparent());
      return { seq: entry?.seq ?? 0, change, outcome: next ?? entry?.value };
    });
    await this.inForce.from(tenant, seq, { stages: ['policy'] });
    return outcome && policyAnswer(outcome);
  }
}
