import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import { TheCaller } from '../auth/access.js';
import { agentMetricsDocs } from './agents.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { OnPlansWith } from '../plans/feature.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { agentPath, metricsQuery, type AgentPath, type MetricsQuery } from './agents.schema.js';
import { cellsOf, metricsFrom } from './metrics.js';

/** Contract section 5: what an agent's calls became, over a period that ends now. */
@Controller('v1/agents/:agent_id/metrics')
export class AgentMetricsController {
  constructor(@Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>) {}

  @Documented(agentMetricsDocs)
  @Get()
  @OnPlansWith('agents')
  async metrics(
    @TheCaller() { tenant }: Caller,
    @Param({ schema: agentPath }) { agent_id }: AgentPath,
    @Query({ schema: metricsQuery }) { period }: MetricsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const cells = await this.reads.read(tenant, (database) => cellsOf(database, tenant, agent_id, period, Date.now()));
    return metricsFrom(agent_id, period, withLag(reply, cells));
  }
}
