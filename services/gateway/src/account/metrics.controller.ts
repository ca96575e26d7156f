import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import { TheCaller } from '../auth/access.js';
import { metricsDocs } from './account.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { daysOf, metricsQuery, type MetricsQuery } from './account.schema.js';
import { emptyDay, metricsOf } from './usage-records.js';

/** Contract section 7: what a tenant asked for, day by day. */
@Controller('v1/metrics')
export class MetricsController {
  constructor(@Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>) {}

  @Documented(metricsDocs)
  @Get()
  async metrics(
    @TheCaller() { tenant }: Caller,
    @Query({ schema: metricsQuery }) period: MetricsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const rows = await this.reads.read(tenant, (database) => metricsOf(database, tenant, period));
    const counted = new Map(withLag(reply, rows).map((row) => [row.day, row]));
    return daysOf(period).map((day) => counted.get(day) ?? emptyDay(day));
  }
}
