import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Bus, DECISIONS_STREAM } from '@tollgate/journal';
import { openDatabase } from '@tollgate/store';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { Installation, OtlpReceiver } from '../../harness/index.js';
import { storedMessages } from '../stored-messages.js';

/** Bytes that an installation wrote, and where. */
export interface Written {
  readonly where: string;
  readonly bytes: Buffer;
}

/** Every place that an installation writes to. */
export const PLACES = {
  'log lines': ({ tollgate }) =>
    Promise.resolve(tollgate.processes.map(({ kind, output }) => text(kind, output.join('')))),
  "the broker's files": ({ tollgate }) => filesUnder(join(tollgate.folder, 'nats', 'store')),
  'messages for subscribers': ({ tollgate }) => decisions(tollgate),
  'rows of Postgres': ({ tollgate }) => rows(tollgate),
  'files of Postgres': async ({ tollgate }) => {
    await query(tollgate, 'checkpoint');
    return filesUnder(join(tollgate.folder, 'postgres'));
  },
  'keys and values of Redis': ({ tollgate }) => redisValues(tollgate),
  'spans and metrics that are exported': ({ receiver }) =>
    Promise.resolve(receiver.bodies.map((body, at) => text(`request ${at}`, body))),
  '/metricsz': async ({ tollgate }) => [text('/metricsz', String((await tollgate.api.get('/metricsz')).body))],
} as const satisfies Readonly<Record<string, (from: Sources) => Promise<readonly Written[]>>>;

export type PlaceName = keyof typeof PLACES;
export const PLACE_NAMES = Object.keys(PLACES) as PlaceName[];

export interface Sources {
  readonly tollgate: Installation;
  readonly receiver: OtlpReceiver;
}

const text = (where: string, content: string): Written => ({ where, bytes: Buffer.from(content, 'utf8') });

async function filesUnder(folder: string): Promise<Written[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const read = await Promise.all(
    // A file may be gone by now: servers clean up while they run.
    paths.map(async (path) => ({ where: path, bytes: await readFile(path).catch(() => Buffer.alloc(0)) })),
  );
  return read.filter(({ bytes }) => bytes.length > 0);
}

async function decisions({ nats }: Installation): Promise<Written[]> {
  const bus = await Bus.connect(nats.url, { name: 'canary-search', reconnect: false });
  try {
    const messages = await storedMessages(bus, DECISIONS_STREAM);
    return messages.map(({ subject, data }) => text(subject, `${subject} ${Buffer.from(data).toString('utf8')}`));
  } finally {
    await bus.close();
  }
}

async function rows(tollgate: Installation): Promise<Written[]> {
  const tables = await query(
    tollgate,
    `select format('%I.%I', schemaname, tablename) as line from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const dumps = tables.map(async (table) => {
    const lines = await query(tollgate, `select row_to_json(t)::text as line from ${table} t`);
    return text(table, lines.join('\n'));
  });
  return Promise.all(dumps);
}

async function query({ postgres }: Installation, statement: string): Promise<string[]> {
  const database = openDatabase(postgres.url, { name: 'canary-search', connections: 1, timeoutMs: 20_000 });
  try {
    const { rows: found } = await sql<{ line: string }>`${sql.raw(statement)}`.execute(database);
    return found.map(({ line }) => line);
  } finally {
    await database.destroy();
  }
}

async function redisValues({ redis: server }: Installation): Promise<Written[]> {
  const redis = new Redis(server.url);
  try {
    const keys = await redis.keys('*');
    return await Promise.all(keys.map(async (key) => text(key, `${key} ${await redisValue(redis, key)}`)));
  } finally {
    redis.disconnect();
  }
}

async function redisValue(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return (await redis.get(key)) ?? '';
    case 'hash':
      return Object.entries(await redis.hgetall(key)).join(' ');
    default:
      throw new Error(`${key} is a ${type}: this search cannot read it yet`);
  }
}
