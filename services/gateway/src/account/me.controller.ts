import { Body, Controller, Get, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { configSubject } from '@tollgate/journal';
import type { AuditDatabase } from '@tollgate/store';
import type { FastifyReply } from 'fastify';
import { ForAgents, TheCaller } from '../auth/access.js';
import { meDocs, notificationsDocs } from './account.docs.js';
import { Documented } from '../openapi/documented.js';
import type { Caller } from '../auth/caller.js';
import { ConfigEdits } from '../config/config-edits.js';
import { CurrentConfig } from '../config/current-config.js';
import { activeTraceparent } from '../http/request-span.js';
import { PLAN_OF, type PlanOf } from '../plans/plan-of.js';
import { FreshReads } from '../reads/fresh-reads.js';
import { withLag } from '../reads/lag-header.js';
import { notificationsBody, type NotificationsBody } from './account.schema.js';
import { monthAt } from './month.js';
import { notificationsEdit, notificationsOf, wireNotifications } from './notifications.js';
import { usageTotals } from './usage-records.js';

/** Contract section 7: who is asking, and what the tenant wants to be told. */
@Controller('v1/me')
export class MeController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(ConfigEdits) private readonly edits: ConfigEdits,
    @Inject(FreshReads) private readonly reads: FreshReads<AuditDatabase>,
    @Inject(PLAN_OF) private readonly planOf: PlanOf,
  ) {}

  @Documented(meDocs)
  @Get()
  @ForAgents()
  async me(@TheCaller() { tenant, keyId }: Caller, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.config.readToEnd();
    const { make, ai } = withLag(reply, await this.reads.read(tenant, (database) => usageTotals(database, tenant)));
    const { keys, tenants } = this.config.state;
    const document = tenants.get(tenant)?.value;
    return {
      plan: this.planOf(tenant).name,
      key_preview: keys.get(keyId)?.value.preview ?? null,
      email: document?.email ?? null,
      // A key that is not good does not come this far.
      is_active: true,
      current_period_end: monthAt(Date.now()).endsAt,
      requests_total_all_time: make.requests + ai.requests,
      blocked_total_all_time: make.blocked + ai.blocked,
      ...wireNotifications(notificationsOf(document)),
    };
  }

  @Documented(notificationsDocs)
  @Post('notifications')
  @HttpCode(200)
  async notifications(@TheCaller() caller: Caller, @Body({ schema: notificationsBody }) sent: NotificationsBody) {
    const { tenant } = caller;
    const trace = activeTraceparent();
    const { outcome } = await this.edits.edit(configSubject(tenant, 'tenant', tenant), (state) =>
      notificationsEdit(state, caller, sent, Date.now(), trace),
    );
    return wireNotifications(outcome);
  }
}
