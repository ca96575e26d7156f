import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { policyEntry } from '@tollgate/journal';
import { TheCaller } from '../auth/access.js';
import {
  mergePolicyDocs,
  policiesDocs,
  policyDocs,
  replacePolicyDocs,
  templateDocs,
  testPolicyDocs,
} from './policies.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { CurrentConfig } from '../config/current-config.js';
import { notFound } from '../http/contract-error.js';
import { activeTraceparent } from '../http/request-span.js';
import { OnPlansWith } from '../plans/feature.js';
import { policyAnswer } from './policy-edit.js';
import { PolicyEdits } from './policy-edits.js';
import { PolicyTests } from './policy-tests.js';
import {
  filledIn,
  policyBody,
  policyPath,
  templateBody,
  testBody,
  type PolicyBody,
  type PolicyPath,
  type TemplateBody,
  type TestBody,
} from './policy.schema.js';

/** Contract section 4. */
@Controller('v1/policies')
export class PoliciesController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(PolicyEdits) private readonly edits: PolicyEdits,
    @Inject(PolicyTests) private readonly tests: PolicyTests,
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

  @Documented(testPolicyDocs)
  @Post(':agent_id/test')
  @HttpCode(200)
  test(
    @TheCaller() caller: Caller,
    @Param({ schema: policyPath }) { agent_id }: PolicyPath,
    @Body({ schema: testBody }) sent: TestBody,
  ) {
    return this.tests.test(caller, agent_id, sent);
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
