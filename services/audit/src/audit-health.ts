import { Inject, Injectable } from '@nestjs/common';
import { Bus } from '@tollgate/journal';
import type { HealthReport, ServiceContext } from '@tollgate/runtime';
import { pingPostgres, type openRedis } from '@tollgate/store';
import { AUDIT_CONTEXT, REDIS } from './audit.tokens.js';
import { Projections } from './projections.js';

const ANSWER_MS = 1_000;

/** What audit is connected to, asked anew each time; and projections that only an operator can help. */
@Injectable()
export class AuditHealth {
  constructor(
    @Inject(AUDIT_CONTEXT) private readonly context: ServiceContext,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(REDIS) private readonly redis: ReturnType<typeof openRedis>,
    @Inject(Projections) private readonly projections: Projections,
  ) {}

  async report(): Promise<HealthReport> {
    const [nats, redis, postgres] = await Promise.all([
      answers(() => this.bus.ping(ANSWER_MS)),
      answers(() => this.redis.ping()),
      answers(() => pingPostgres(this.context.settings.databaseUrl, ANSWER_MS)),
    ]);
    const stores = [...(redis ? [] : ['redis']), ...(postgres ? [] : ['postgres']), ...this.stoppedProjections()];
    return { ready: nats, degraded: stores.length > 0, missing: [...(nats ? [] : ['nats']), ...stores] };
  }

  private stoppedProjections(): readonly string[] {
    const stopped = this.projections.lanes.filter(({ state }) => state === 'stopped');
    return [...new Set(stopped.map(({ projection }) => `projection ${projection}`))];
  }
}

/** A stopped server answers nothing: that is an answer, too. */
async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, ANSWER_MS);
  });
  try {
    return await Promise.race([ask().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
