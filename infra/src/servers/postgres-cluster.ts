import { spawn } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPostgres } from './find-binary.js';
import type { PostgresBinaries } from './find-binary.js';
import { giveTo, invoke } from './postgres-identity.js';
import type { Identity } from './postgres-identity.js';
import { readIfThere } from './secret-file.js';

export const USER = 'tollgate';
export const DATABASE = 'tollgate';

/** The installation that can read this data folder: data of one major version is not readable by another. */
export async function fittingPostgres(
  data: string,
  candidates: readonly PostgresBinaries[] = findPostgres(),
): Promise<PostgresBinaries> {
  const version = (await readIfThere(join(data, 'PG_VERSION')))?.trim();
  const fitting = candidates.find(({ major }) => version === undefined || major === Number(version));
  if (fitting !== undefined) return fitting;
  const there = candidates.map(({ major }) => major).join(', ') || 'none';
  throw new Error(`the data in ${data} needs Postgres ${version}; on this machine: ${there}`);
}

/** Makes the data folder when there is none: whole or not at all, a half-made one is thrown away. */
export async function ensureCluster(
  folder: string,
  binaries: PostgresBinaries,
  identity: Identity,
  password: string,
): Promise<string> {
  const data = join(folder, 'data');
  if ((await readIfThere(join(data, 'PG_VERSION'))) !== undefined) {
    giveTo(identity, data);
    return data;
  }
  const draft = join(folder, 'data-draft');
  const passwordFile = join(folder, 'initdb-password');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  giveTo(identity, draft);
  giveTo(identity, passwordFile);
  try {
    await run(identity, join(binaries.folder, 'initdb'), initdbArgs(draft, passwordFile));
    await run(
      identity,
      join(binaries.folder, 'postgres'),
      ['--single', '-F', '-D', draft, 'postgres'],
      `CREATE DATABASE ${DATABASE};\n`,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, data);
  return data;
}

function initdbArgs(data: string, passwordFile: string): string[] {
  const access = ['--auth=scram-sha-256', `--username=${USER}`, `--pwfile=${passwordFile}`];
  return ['-D', data, ...access, '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
}

async function run(identity: Identity, command: string, args: readonly string[], input = ''): Promise<void> {
  const { command: file, args: words, ...as } = invoke(identity, command, args);
  const child = spawn(file, words, { cwd: '/', env: { PATH: process.env['PATH'], LANG: 'C' }, ...as });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-2_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} failed: ${output.trim()}`);
}

/**
 * After a kill the lock file of the last run is still there. Postgres refuses to start when the process number in it
 * has meanwhile been given to another process, so the file goes unless its process really is that Postgres.
 */
export async function clearStaleLock(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number((await readIfThere(file))?.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (!(await isPostgresOn(pid, data))) await rm(file, { force: true });
}

async function isPostgresOn(pid: number, data: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(data);
}
