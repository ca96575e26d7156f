import { readFileSync } from 'node:fs';
import { eventually, type ServiceProcess } from '../harness/index.js';

/** Linux says so in /proc; behind the name in parentheses stands the state. */
export function standsStill({ child, hasExited }: ServiceProcess): boolean {
  if (hasExited) return false;
  return readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ').at(-1)?.startsWith('T') ?? false;
}

/** Continues it. The system may take its time; one that stands still at its next point at once is not waited for long. */
export async function goesOn(one: ServiceProcess): Promise<void> {
  one.signal('SIGCONT');
  await eventually(`${one.kind} goes on`, () => !standsStill(one), 1_000, 5).catch(() => undefined);
}
