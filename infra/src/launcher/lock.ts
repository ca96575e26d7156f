import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere } from '../servers/index.js';
import { LaunchError } from './launch-error.js';
import { identityOf, stillRuns } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

export interface Lock {
  release(): Promise<void>;
}

/**
 * One launcher per data folder. A lock whose holder is gone, killed as it may have been, is no obstacle.
 * @throws LaunchError when one is running.
 */
export async function lockFolder(file: string): Promise<Lock> {
  const mine = JSON.stringify(identityOf(process.pid));
  for (;;) {
    const holder = await holderOf(file);
    if (holder !== undefined && stillRuns(holder)) {
      throw new LaunchError(
        `Tollgate is already running here (process ${holder.pid})`,
        'use the one that runs (npm start -- --status), or stop it first with Ctrl-C in its terminal ' +
          `or: kill ${holder.pid}`,
      );
    }
    if (holder !== undefined) await rm(file, { force: true });
    if (await claim(file, mine)) return { release: () => rm(file, { force: true }) };
  }
}

async function holderOf(file: string): Promise<ProcessIdentity | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return { pid: 0, since: '' }; // half-written by one that was killed
  }
}

/** Two that found the same stale lock may both get here: the one that wrote last has it. */
async function claim(file: string, mine: string): Promise<boolean> {
  try {
    await writeFile(file, mine, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await sleep(30);
  return (await readFile(file, 'utf8').catch(() => '')) === mine;
}
