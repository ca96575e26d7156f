import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import { ForAgents, TheCaller } from '../auth/access.js';
import { runTimelineDocs } from './runs.docs.js';
import { Documented } from '../openapi/documented.js';
import { coversAll, type Caller } from '../auth/caller.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { runPath, timelineQuery, type RunPath, type TimelineQuery } from './runs.schema.js';
import { timelineOf, timelineRow } from './timeline.js';

/** Contract section 8, one run. */
@Controller('v1/runs')
export class RunsController {
  constructor(@Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>) {}

  @Documented(runTimelineDocs)
  @Get(':run_id')
  @ForAgents()
  async one(
    @TheCaller() caller: Caller,
    @Param({ schema: runPath }) { run_id }: RunPath,
    @Query({ schema: timelineQuery }) query: TimelineQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const agents = coversAll(caller) ? undefined : caller.agents;
    const timeline = await this.reads.read(caller.tenant, (database) =>
      timelineOf(database, caller.tenant, run_id, query, agents),
    );
    const { total, rows } = withLag(reply, timeline);
    return { run_id, total, events: rows.map(timelineRow) };
  }
}
