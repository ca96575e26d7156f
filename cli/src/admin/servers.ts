import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Bus, BusError, ConfigReader } from '@tollgate/journal';
import { openDatabase, type AuditDatabase } from '@tollgate/store';
import { UsageError } from '../usage-error.js';
import { AwayError } from './away-error.js';
import { translatePostgresError } from './postgres-error.js';

/** Written by `npm start` while it runs, readable by its owner only. */
const CONNECTIONS = join(import.meta.dirname, '../../../.tollgate/connections.env');
const TIMEOUT_MS = 5_000;

/** Uses NATS_URL and DATABASE_URL, or what a running `npm start` of this checkout says. @throws UsageError */
function urlOf(variable: 'NATS_URL' | 'DATABASE_URL'): string {
  if (process.env[variable] === undefined && existsSync(CONNECTIONS)) process.loadEnvFile(CONNECTIONS);
  const url = process.env[variable];
  if (url === undefined) {
    throw new UsageError(`no installation found: run \`npm start\` in this checkout, or set ${variable} to its server`);
  }
  return url;
}

/** @throws AwayError */
export async function withBus<T>(work: (bus: Bus) => Promise<T>): Promise<T> {
  const url = urlOf('NATS_URL');
  try {
    return await onBus(url, work);
  } catch (error) {
    if (!isAway(error)) throw error;
    throw new AwayError(`${error.message}: see that it runs, and that NATS_URL is right`, { cause: error });
  }
}

async function onBus<T>(url: string, work: (bus: Bus) => Promise<T>): Promise<T> {
  const bus = await Bus.connect(url, { name: 'tollgate-admin', reconnect: false });
  try {
    return await work(bus);
  } finally {
    await bus.close();
  }
}

const isAway = (error: unknown): error is BusError =>
  error instanceof BusError && (error.code === 'unavailable' || error.code === 'timeout');

/** Runs `work` with the installation's configuration, read to its end. */
export const withConfig = <T>(work: (bus: Bus, config: ConfigReader) => Promise<T>): Promise<T> =>
  withBus(async (bus) => work(bus, await ConfigReader.open(bus)));

/** @throws AwayError, and Error where Postgres refuses */
export async function withDatabase<T>(work: (database: AuditDatabase) => Promise<T>): Promise<T> {
  const url = urlOf('DATABASE_URL');
  try {
    return await onDatabase(url, work);
  } catch (error) {
    throw translatePostgresError(error);
  }
}

async function onDatabase<T>(url: string, work: (database: AuditDatabase) => Promise<T>): Promise<T> {
  const database = openDatabase(url, { name: 'tollgate-admin', connections: 1, timeoutMs: TIMEOUT_MS });
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}
