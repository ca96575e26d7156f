import { Bus, ConfigReader, ensureStreams } from '@tollgate/journal';
import { instruments, type ServiceContext } from '@tollgate/runtime';
import { openDatabase, openRedis, pingPostgres, type AuditDatabase } from '@tollgate/store';
import type { Redis } from 'ioredis';
import { BusLink } from './bus/bus-link.js';
import { CurrentConfig } from './config/current-config.js';
import { ensureAdminKey } from './config/admin-key.js';
import { measureConfigLag } from './config/config-lag.js';
import { Probes } from './health/probes.js';

const STORE_TIMEOUT_MS = 1_500;
const PROBE_TIMEOUT_MS = 1_000;
const DATABASE_CONNECTIONS = 10;

/** What a gateway is connected to. NATS must be there; Redis and Postgres come and go (G8). */
export interface Connections {
  readonly bus: Bus;
  readonly link: BusLink;
  readonly config: CurrentConfig;
  readonly redis: Redis;
  readonly database: AuditDatabase;
  readonly probes: Probes;
  /** Settles when CONFIG can be followed no more: the gateway would not know of revoked keys. */
  readonly ended: Promise<Error>;
  close(): Promise<void>;
}

/** Throws BusError when NATS is out of reach. */
export async function connect({ settings, logger, instance }: ServiceContext): Promise<Connections> {
  const bus = await Bus.connect(settings.natsUrl, { name: `tollgate-gateway-${instance}`, reconnect: true });
  const link = BusLink.watch(bus);
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>();
  const reader = await followConfig(bus, { settings, logger, instance }, end);
  const redis = openRedis(settings.redisUrl, { name: 'tollgate-gateway', timeoutMs: PROBE_TIMEOUT_MS });
  const database = openDatabase(settings.databaseUrl, {
    name: 'tollgate-gateway',
    connections: DATABASE_CONNECTIONS,
    timeoutMs: STORE_TIMEOUT_MS,
  });
  const probes = new Probes({
    nats: () => bus.ping(PROBE_TIMEOUT_MS),
    redis: () => redis.ping(),
    postgres: () => pingPostgres(settings.databaseUrl, PROBE_TIMEOUT_MS),
  });
  probes.start();
  const stopMeasuring = measureConfigLag(bus, reader);
  return {
    bus,
    link,
    redis,
    database,
    probes,
    ended,
    config: new CurrentConfig(reader, link),
    close: async () => {
      probes.stop();
      stopMeasuring();
      redis.disconnect();
      await Promise.allSettled([reader.stop(), database.destroy()]);
      await bus.close();
    },
  };
}

async function followConfig(
  bus: Bus,
  { settings, logger }: ServiceContext,
  end: (error: Error) => void,
): Promise<ConfigReader> {
  try {
    instruments().streamReplicas(await ensureStreams(bus, settings));
    const reader = await ConfigReader.open(bus, undefined, end);
    const { adminKey, sealingKeys } = settings;
    if (adminKey !== undefined) await ensureAdminKey(bus, reader, { adminKey, sealingKeys }, logger);
    return reader;
  } catch (error) {
    await bus.close();
    throw error;
  }
}
