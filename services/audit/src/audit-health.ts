import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Bus } from '@tollgate/journal';
import type { HealthReport, ServiceContext } from '@tollgate/runtime';
import { openDatabase, type AuditDatabase, type openRedis } from '@tollgate/store';
import { sql } from 'kysely';
import { AUDIT_CONTEXT, REDIS } from './audit.tokens.js';
import { Projections } from './projections.js';

const ANSWER_MS = 1_000;

/** What audit is connected to, asked anew each time; and projections that only an operator can help. */
@Injectable()
export class AuditHealth implements OnApplicationShutdown {
  /** Of its own: the pool of the projections may be waiting for the very server that is asked for. */
  private readonly db: AuditDatabase;

  constructor(
    @Inject(AUDIT_CONTEXT) { settings }: ServiceContext,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(REDIS) private readonly redis: ReturnType<typeof openRedis>,
    @Inject(Projections) private readonly projections: Projections,
  ) {
    this.db = openDatabase(settings.databaseUrl, {
      name: 'tollgate-audit-health',
      connections: 1,
      timeoutMs: ANSWER_MS,
    });
  }

  async report(): Promise<HealthReport> {
    const [nats, redis, postgres] = await Promise.all([
      answers(() => this.bus.ping(ANSWER_MS)),
      answers(() => this.redis.ping()),
      answers(() => sql`select 1`.execute(this.db)),
    ]);
    const stores = [...(redis ? [] : ['redis']), ...(postgres ? [] : ['postgres']), ...this.stoppedProjections()];
    return { ready: nats, degraded: stores.length > 0, missing: [...(nats ? [] : ['nats']), ...stores] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.db.destroy();
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
