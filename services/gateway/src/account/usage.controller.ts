import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { CreditKind, Plan } from '@tollgate/events';
import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import { ForAgents, TheCaller } from '../auth/access.js';
import { usageAllDocs, usageDocs } from './account.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { CurrentConfig } from '../config/current-config.js';
import { PLAN_OF, type PlanOf } from '../plans/plan-of.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { KnownTasks, type UsedCredits } from '../tasks/known-tasks.js';
import { usageQuery, type UsageQuery } from './account.schema.js';
import { monthAt, type Month } from './month.js';
import { usageTotals, type UsageTotals } from './usage-records.js';

interface MonthUsed {
  readonly plan: Plan;
  readonly month: Month;
  readonly credits: UsedCredits;
  readonly totals: UsageTotals;
}

/** Contract section 7: credits, which are never old, and totals, which say where they may be. */
@Controller('v1/usage')
export class UsageController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(KnownTasks) private readonly known: KnownTasks,
    @Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>,
    @Inject(PLAN_OF) private readonly planOf: PlanOf,
  ) {}

  @Documented(usageDocs)
  @Get()
  @ForAgents()
  async one(
    @TheCaller() { tenant }: Caller,
    @Query({ schema: usageQuery }) { kind }: UsageQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const used = await this.used(tenant, reply);
    const { usage, limit, requests_total_month, blocked_total_month } = kindUsed(used, kind);
    return { plan: used.plan.name, month: used.month.name, usage, limit, requests_total_month, blocked_total_month };
  }

  @Documented(usageAllDocs)
  @Get('all')
  @ForAgents()
  async all(@TheCaller() { tenant }: Caller, @Res({ passthrough: true }) reply: FastifyReply) {
    const used = await this.used(tenant, reply);
    const [plan, month] = [used.plan.name, used.month.name];
    void reply.headers({ 'X-OnceOnly-Plan': plan, 'X-OnceOnly-Month': month });
    return { plan, month, make: kindUsed(used, 'make'), ai: kindUsed(used, 'ai') };
  }

  private async used(tenant: string, reply: FastifyReply): Promise<MonthUsed> {
    const month = monthAt(Date.now());
    const [credits, totals] = await Promise.all([
      this.known.usage(tenant, month.name),
      this.reads.read(tenant, (database) => usageTotals(database, tenant, month)),
      this.config.readToEnd(),
    ]);
    return { plan: this.planOf(tenant), month, credits, totals: withLag(reply, totals) };
  }
}

const kindUsed = ({ plan, credits, totals }: MonthUsed, kind: CreditKind) => ({
  usage: credits[kind],
  limit: plan.credits[kind],
  requests_total_month: totals[kind].requests,
  blocked_total_month: totals[kind].blocked,
  charged_total_month: totals[kind].charged,
  polling_total_month: totals[kind].polling,
});
