import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isAlive } from '../guardian/alive.js';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly since: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, since: startOf(pid) };
}

export function stillRuns({ pid, since }: ProcessIdentity): boolean {
  return isAlive(pid) && startOf(pid) === since;
}

/** When it started, in the system's own words; empty for a process that is not there. */
function startOf(pid: number): string {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)])
        .toString()
        .trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
