import { readdirSync, readFileSync } from 'node:fs';
import type { PrivateServer } from '@tollgate/infra/servers';

/**
 * Stops a server in mid-flight: its connections stay open, and nothing answers on them. The answer lets it go on.
 * Postgres has a process for each connection, which would go on answering when only its first one was stopped.
 */
export function freeze({ pid }: PrivateServer): () => void {
  const all = [pid, ...childrenOf(pid)];
  for (const one of all) signal(one, 'SIGSTOP');
  return () => {
    for (const one of all) signal(one, 'SIGCONT');
  };
}

/** Empty where the system does not say. */
function childrenOf(parent: number): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold anything; state and parent stand behind the last one.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
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
