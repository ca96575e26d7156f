/*
 * Starts NATS, Redis and Postgres of their own and prints where they are, one `NAME=value` per line; they end with it.
 * With a command behind it, runs that with these variables set instead, and ends with its exit code:
 *   node infra/dist/servers-main.js [--data <folder>] [-- <command> <arguments…>]
 * Without --data everything is thrown away at the end.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findPrograms, startNats, startPostgres, startRedis } from './servers/index.js';

const { values, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true });

async function thrownAwayFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-servers-'));
  await chmod(folder, 0o711); // Postgres may run as another account
  return folder;
}

/** Resolves to the exit code. */
async function runWith(env: Record<string, string>, [command, ...args]: readonly string[]): Promise<number> {
  const child = spawn(command as string, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function untilStopped(): Promise<number> {
  return new Promise((resolve) => {
    const keepAlive = setInterval(() => undefined, 60_000);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        clearInterval(keepAlive);
        resolve(0);
      });
    }
  });
}

const programs = await findPrograms(['nats', 'redis', 'postgres'], (line) => console.error(line));
const folder = values.data ?? (await thrownAwayFolder());
const [nats, redis, postgres] = await Promise.all([
  startNats(join(folder, 'nats'), { program: programs.nats }),
  startRedis(join(folder, 'redis'), { program: programs.redis }),
  startPostgres(join(folder, 'postgres'), { program: programs.postgres }),
]);
const env = { NATS_URL: nats.url, REDIS_URL: redis.url, DATABASE_URL: postgres.url };
try {
  if (positionals.length === 0) for (const [name, url] of Object.entries(env)) console.log(`${name}=${url}`);
  process.exitCode = await (positionals.length > 0 ? runWith(env, positionals) : untilStopped());
} finally {
  await Promise.all([nats.stop(), redis.stop(), postgres.stop()]);
  if (values.data === undefined) await rm(folder, { recursive: true, force: true });
}
