/*
 * Reads which processes to watch over, one JSON object per line, until the pipe closes: then its parent has ended. Ends
 * what is left within 8 s, first those not marked `last`, then the others, and exits. Uses nothing but Node, so that a
 * build going on meanwhile cannot break it.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './alive.js';
import type { Notice, Ward } from './ward.js';

const PATIENCE_MS = 3_500;

const wards = new Map<number, Ward>();

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it is gone
  }
}

async function end(group: readonly Ward[]): Promise<void> {
  for (const { pid, stopSignal } of group) {
    send(pid, stopSignal);
    send(pid, 'SIGCONT'); // a stopped process would sleep through it
  }
  const deadline = Date.now() + PATIENCE_MS;
  const alive = (): readonly Ward[] => group.filter(({ pid }) => isAlive(pid));
  while (alive().length > 0 && Date.now() < deadline) await sleep(50);
  for (const { pid } of alive()) send(pid, 'SIGKILL');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const notice = JSON.parse(line) as Notice;
  if ('gone' in notice) wards.delete(notice.gone);
  else wards.set(notice.pid, notice);
}
await end([...wards.values()].filter(({ last }) => !last));
await end([...wards.values()].filter(({ last }) => last));
