import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Ward } from './ward.js';

let toGuardian: Writable | undefined;

/**
 * Makes sure that a child does not outlive this process, however this process ends. A process of its own holds the
 * other end of a pipe: when that closes it ends whoever is still there, those marked `last` after all others.
 */
export function guard(child: ChildProcess, how: Omit<Ward, 'pid'>): void {
  if (child.pid === undefined) return; // it could not be started; the caller hears that as an error event
  const { pid } = child;
  toGuardian ??= startGuardian();
  const tell = (line: object): void => void toGuardian?.write(`${JSON.stringify(line)}\n`);
  tell({ pid, ...how } satisfies Ward);
  child.once('exit', () => tell({ gone: pid }));
}

function startGuardian(): Writable {
  const main = fileURLToPath(new URL('./guardian-main.js', import.meta.url));
  const guardian = spawn(process.execPath, [main], {
    detached: true, // not reached by Ctrl-C in the terminal
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  });
  guardian.unref();
  guardian.stdin.on('error', () => undefined);
  (guardian.stdin as unknown as Socket).unref();
  return guardian.stdin;
}
