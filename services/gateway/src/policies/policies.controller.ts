import { Body, Controller, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { policyEntry } from '@tollgate/journal';
import { TheCaller } from '../auth/access.js';
import { mergePolicyDocs, policiesDocs, policyDocs, replacePolicyDocs, templateDocs } from './policies.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { CurrentConfig } from '../config/current-config.js';
import { notFound } from '../http/contract-error.js';
import { activeTraceparent } from '../http/request-span.js';
import { OnPlansWith } from '../plans/feature.js';
import { policyAnswer } from './policy-edit.js';
import { PolicyEdits } from './policy-edits.js';
import {
  filledIn,
  policyBody,
  policyPath,
  templateBody,
  type PolicyBody,
  type PolicyPath,
  type TemplateBody,
} from './policy.schema.js';

/** Contract section 4. */
@Controller('v1/policies')
export class PoliciesController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(PolicyEdits) private readonly edits: PolicyEdits,
  ) {}

  @Documented(mergePolicyDocs)
  @Post(':agent_id')
  async merge(
    @TheCaller() caller: Caller,
    @Param({ schema: policyPath }) { agent_id: agent }: PolicyPath,
    @Body({ schema: policyBody }) sent: PolicyBody,
  ) {
    return policyAnswer(await this.edits.set(caller, { agent, sent, how: 'merge', trace: activeTraceparent() }));
  }

  @Documented(templateDocs)
  @Post(':agent_id/from-template')
  @OnPlansWith('pricing')
  async fromTemplate(
    @TheCaller() caller: Caller,
    @Param({ schema: policyPath }) { agent_id: agent }: PolicyPath,
    @Body({ schema: templateBody }) sent: TemplateBody,
  ) {
    const wanted = { agent, sent: filledIn(sent), how: 'merge', trace: activeTraceparent() } as const;
    return policyAnswer(await this.edits.set(caller, wanted));
  }

  @Documented(replacePolicyDocs)
  @Put(':agent_id')
  async replace(
    @TheCaller() caller: Caller,
    @Param({ schema: policyPath }) { agent_id: agent }: PolicyPath,
    @Body({ schema: policyBody }) sent: PolicyBody,
  ) {
    return policyAnswer(await this.edits.set(caller, { agent, sent, how: 'replace', trace: activeTraceparent() }));
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
}
