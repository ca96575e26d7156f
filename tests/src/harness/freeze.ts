import { readdirSync, readFileSync } from 'node:fs';
import type { PrivateServer } from '@tollgate/infra/servers';

const STATE = 0;
const PARENT = 1;
const STOPPED_TRIES = 1_000;

/**
 * Stops a server in mid-flight: its connections stay open, and nothing answers on them. The answer lets it go on.
 * Postgres has a process for each connection, which would go on answering when only its first one was stopped.
 */
export function freeze({ pid }: PrivateServer): () => void {
  const all = [pid, ...childrenOf(pid)];
  for (const one of all) signal(one, 'SIGSTOP');
  // The signal is on its way when `kill` returns; the server's other threads run on until it is there.
  for (let tries = 0; tries < STOPPED_TRIES && all.some(runs); tries += 1) sleepMs(1);
  return () => {
    for (const one of all) signal(one, 'SIGCONT');
  };
}

/** Whether a thread of the process is not stopped yet; false where the system does not say. */
function runs(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => statOf(`/proc/${pid}/task/${thread}`)?.[STATE] !== 'T');
  } catch {
    return false;
  }
}

function sleepMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Empty where the system does not say. */
function childrenOf(parent: number): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  const parent = statOf(`/proc/${pid}`)?.[PARENT];
  return parent === undefined ? undefined : Number(parent);
}

/** The fields behind the name of a process or thread; the name, in parentheses, may hold anything. */
function statOf(folder: string): string[] | undefined {
  try {
    return readFileSync(`${folder}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
