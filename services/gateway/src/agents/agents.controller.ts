import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { TheCaller } from '../auth/access.js';
import { disableDocs, enableDocs } from './agents.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { activeTraceparent } from '../http/request-span.js';
import { isoTime } from '../http/times.js';
import { OnPlansWith } from '../plans/feature.js';
import { agentPath, switchBody, type AgentPath, type SwitchBody } from './agents.schema.js';
import { KillSwitch } from './kill-switch.js';

/** Contract section 5: the kill switch. */
@Controller('v1/agents/:agent_id')
export class AgentsController {
  constructor(@Inject(KillSwitch) private readonly killSwitch: KillSwitch) {}

  @Documented(disableDocs)
  @Post('disable')
  @OnPlansWith('agents')
  @HttpCode(200)
  async disable(
    @TheCaller() caller: Caller,
    @Param({ schema: agentPath }) { agent_id }: AgentPath,
    @Body({ schema: switchBody }) sent: SwitchBody,
  ) {
    const reason = sent.reason ?? null;
    const at = await this.killSwitch.disable(caller, agent_id, reason, activeTraceparent());
    return { agent_id, is_enabled: false, disabled_reason: reason, disabled_at: isoTime(at) };
  }

  @Documented(enableDocs)
  @Post('enable')
  @OnPlansWith('agents')
  @HttpCode(200)
  async enable(
    @TheCaller() caller: Caller,
    @Param({ schema: agentPath }) { agent_id }: AgentPath,
    @Body({ schema: switchBody }) _sent: SwitchBody,
  ) {
    await this.killSwitch.enable(caller, agent_id, activeTraceparent());
    return { agent_id, is_enabled: true, disabled_reason: null, disabled_at: null };
  }
}
