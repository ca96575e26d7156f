import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Bus, ConfigReader } from '@tollgate/journal';
import { openDatabase, type AuditDatabase } from '@tollgate/store';

/** Written by `npm start` while it runs, readable by its owner only. */
const CONNECTIONS = join(import.meta.dirname, '../../../.tollgate/connections.env');
const TIMEOUT_MS = 5_000;

/** Uses NATS_URL and DATABASE_URL, or what a running `npm start` of this checkout says. */
function urlOf(variable: 'NATS_URL' | 'DATABASE_URL'): string {
  if (process.env[variable] === undefined && existsSync(CONNECTIONS)) process.loadEnvFile(CONNECTIONS);
  const url = process.env[variable];
  if (url === undefined) {
    throw new Error(`no installation found: run \`npm start\` in this checkout, or set ${variable} to its server`);
  }
  return url;
}

export async function withBus<T>(work: (bus: Bus) => Promise<T>): Promise<T> {
  const bus = await Bus.connect(urlOf('NATS_URL'), { name: 'tollgate-admin', reconnect: false });
  try {
    return await work(bus);
  } finally {
    await bus.close();
  }
}

/** Runs `work` with the installation's configuration, read to its end. */
export const withConfig = <T>(work: (bus: Bus, config: ConfigReader) => Promise<T>): Promise<T> =>
  withBus(async (bus) => work(bus, await ConfigReader.open(bus)));

export async function withDatabase<T>(work: (database: AuditDatabase) => Promise<T>): Promise<T> {
  const database = openDatabase(urlOf('DATABASE_URL'), {
    name: 'tollgate-admin',
    connections: 1,
    timeoutMs: TIMEOUT_MS,
  });
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}
