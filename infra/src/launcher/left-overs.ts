import { setTimeout as sleep } from 'node:timers/promises';
import { stillRuns } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

const GUARDIAN_NEEDS_MS = 9_000;

/**
 * After the launcher was killed its guardian ends what is left, which takes a few seconds; when the guardian was killed
 * too, we do it.
 */
export async function endLeftOvers(processes: readonly ProcessIdentity[]): Promise<void> {
  const deadline = Date.now() + GUARDIAN_NEEDS_MS;
  while (processes.some(stillRuns) && Date.now() < deadline) await sleep(50);
  for (const process of processes.filter(stillRuns)) kill(process.pid);
  while (processes.some(stillRuns)) await sleep(20);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it went by itself
  }
}
