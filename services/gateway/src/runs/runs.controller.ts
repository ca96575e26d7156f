import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import { ForAgents, TheCaller } from '../auth/access.js';
import { runsDocs, runTimelineDocs } from './runs.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { boundsOf } from '../reads/covered-agents.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { listedRun, runsOf } from './run-list.js';
import { runPath, runsQuery, timelineQuery, type RunPath, type RunsQuery, type TimelineQuery } from './runs.schema.js';
import { timelineOf, timelineRow } from './timeline.js';

/** Contract section 8, runs. */
@Controller('v1/runs')
export class RunsController {
  constructor(@Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>) {}

  @Documented(runsDocs)
  @Get()
  @ForAgents()
  async list(
    @TheCaller() caller: Caller,
    @Query({ schema: runsQuery }) query: RunsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const list = await this.reads.read(
      caller.tenant,
      (database) => runsOf(database, caller.tenant, query, boundsOf(caller)),
      'timelines',
    );
    const { total, rows } = withLag(reply, list);
    return { total, items: rows.map(listedRun) };
  }

  @Documented(runTimelineDocs)
  @Get(':run_id')
  @ForAgents()
  async one(
    @TheCaller() caller: Caller,
    @Param({ schema: runPath }) { run_id }: RunPath,
    @Query({ schema: timelineQuery }) query: TimelineQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const timeline = await this.reads.read(
      caller.tenant,
      (database) => timelineOf(database, caller.tenant, run_id, query, boundsOf(caller)),
      'timelines',
    );
    const { total, rows } = withLag(reply, timeline);
    return { run_id, total, events: rows.map(timelineRow) };
  }
}
