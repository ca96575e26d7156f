import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import { ForAgents, TheCaller } from '../auth/access.js';
import { logsDocs } from './agents.docs.js';
import { Documented } from '../openapi/documented.js';
import { mustCover, type Caller } from '../auth/caller.js';
import { logOf } from '../calls/call-records.js';
import { logRow } from '../calls/call-row.js';
import { OnPlansWith } from '../plans/feature.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { agentPath, logsQuery, type AgentPath, type LogsQuery } from './agents.schema.js';

export const LOG_RETENTION_DAYS = Symbol('days that logs are kept');
const DAY_MS = 86_400_000;

/** Contract section 5: what an agent did, newest first. An agent is a name: an unknown one has done nothing. */
@Controller('v1/agents/:agent_id/logs')
export class AgentLogsController {
  constructor(
    @Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>,
    @Inject(LOG_RETENTION_DAYS) private readonly retentionDays: number,
  ) {}

  @Documented(logsDocs)
  @Get()
  @ForAgents()
  @OnPlansWith('agents')
  async logs(
    @TheCaller() caller: Caller,
    @Param({ schema: agentPath }) { agent_id }: AgentPath,
    @Query({ schema: logsQuery }) { limit }: LogsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    mustCover(caller, agent_id);
    const since = new Date(Date.now() - this.retentionDays * DAY_MS);
    const rows = await this.reads.read(caller.tenant, (database) =>
      logOf(database, caller.tenant, agent_id, since, limit),
    );
    return withLag(reply, rows).map(logRow);
  }
}
