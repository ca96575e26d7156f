import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Bus, ensureStreams } from '@tollgate/journal';
import type { Logger, ServiceContext } from '@tollgate/runtime';
import { openDatabase, openRedis, type AuditDatabase } from '@tollgate/store';
import { DATABASE, REDIS } from './audit.tokens.js';

/** A batch of rows may take a while on a busy server. */
const DATABASE_TIMEOUT_MS = 10_000;
const REDIS_TIMEOUT_MS = 2_000;
const SAY_AGAIN_MS = 30_000;

/** Projections may come back to where they were, so this connection, unlike a stage's, outlives a loss. */
export async function connectBus({ settings }: ServiceContext): Promise<Bus> {
  const bus = await Bus.connect(settings.natsUrl, { name: 'tollgate-audit', reconnect: true });
  try {
    await ensureStreams(bus, { partitions: settings.partitions, replicas: settings.replicas });
    return bus;
  } catch (error) {
    await bus.close();
    throw error;
  }
}

/** One connection for each projection into Postgres. */
export const connectDatabase = ({ settings, logger }: ServiceContext): AuditDatabase =>
  openDatabase(settings.databaseUrl, {
    name: 'tollgate-audit',
    connections: settings.partitions + 1,
    timeoutMs: DATABASE_TIMEOUT_MS,
    onIdleError: sometimes(logger, 'lost a connection to Postgres'),
  });

export const connectRedis = ({ settings, logger }: ServiceContext): ReturnType<typeof openRedis> =>
  openRedis(settings.redisUrl, {
    name: 'tollgate-audit',
    timeoutMs: REDIS_TIMEOUT_MS,
    onError: sometimes(logger, 'Redis cannot be reached, tries again'),
  });

/** The same trouble is said once in a while, not at every attempt. */
function sometimes(logger: Logger, message: string): (error: Error) => void {
  let last = -SAY_AGAIN_MS;
  return (error) => {
    if (performance.now() - last < SAY_AGAIN_MS) return;
    last = performance.now();
    logger.warn(message, {}, error);
  };
}

/** Closes everything once the projections have stopped. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(DATABASE) private readonly db: AuditDatabase,
    @Inject(REDIS) private readonly redis: ReturnType<typeof openRedis>,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.redis.disconnect();
    await Promise.all([this.bus.close(), this.db.destroy()]);
  }
}
