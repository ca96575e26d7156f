import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { agentDisabled, agentEnabled } from '@tollgate/events';
import { agentEntry, configSubject } from '@tollgate/journal';
import { TheCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { ConfigEdits } from '../config/config-edits.js';
import { InForce } from '../config/in-force.js';
import { activeTraceparent } from '../http/request-span.js';
import { isoTime } from '../http/times.js';
import { agentPath, switchBody, type AgentPath, type SwitchBody } from './agents.schema.js';

/** Contract section 5: the kill switch. */
@Controller('v1/agents/:agent_id')
export class AgentsController {
  constructor(
    @Inject(ConfigEdits) private readonly edits: ConfigEdits,
    @Inject(InForce) private readonly inForce: InForce,
  ) {}

  /**
   * Answered when no request of the agent can leave any more; `disabled_at` is the dispatcher's time of saying so (G4).
   * A repeat asks again, and so moves it: it never lies before a request that left.
   */
  @Post('disable')
  @HttpCode(200)
  async disable(
    @TheCaller() { tenant, keyId }: Caller,
    @Param({ schema: agentPath }) { agent_id }: AgentPath,
    @Body({ schema: switchBody }) sent: SwitchBody,
  ) {
    const reason = sent.reason ?? null;
    const { seq } = await this.edits.edit(configSubject(tenant, 'agent', agent_id), (state) => {
      const entry = agentEntry(state, tenant, agent_id);
      const already = entry?.value !== undefined && entry.value.reason === reason;
      const data = { by: keyId, agent: agent_id, reason, at: Date.now() };
      const change = already ? undefined : agentDisabled.draft(tenant, data, activeTraceparent());
      return { seq: entry?.seq ?? 0, change, outcome: undefined };
    });
    const answers = await this.inForce.from(tenant, seq, { stages: ['policy', 'dispatch'], agent: agent_id });
    return {
      agent_id,
      is_enabled: false,
      disabled_reason: reason,
      disabled_at: isoTime(answers.get('dispatch') ?? Date.now()),
    };
  }

  @Post('enable')
  @HttpCode(200)
  async enable(
    @TheCaller() { tenant, keyId }: Caller,
    @Param({ schema: agentPath }) { agent_id }: AgentPath,
    @Body({ schema: switchBody }) _sent: SwitchBody,
  ) {
    const { seq } = await this.edits.edit(configSubject(tenant, 'agent', agent_id), (state) => {
      const entry = agentEntry(state, tenant, agent_id);
      const enabled = agentEnabled.draft(tenant, { by: keyId, agent: agent_id }, activeTraceparent());
      return { seq: entry?.seq ?? 0, change: entry?.value === undefined ? undefined : enabled, outcome: undefined };
    });
    await this.inForce.from(tenant, seq, { stages: ['policy', 'dispatch'] });
    return { agent_id, is_enabled: true, disabled_reason: null, disabled_at: null };
  }
}
