import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from '../guardian/guardian.js';

const STOP_WITHIN_MS = 5_000;

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly uid?: number;
  readonly gid?: number;
  /** What makes it end in good order. */
  readonly stopSignal: NodeJS.Signals;
}

/**
 * Starts a server in a session of its own, so that Ctrl-C in the terminal reaches only us and we choose the order of
 * stopping. It does not outlive this process: the guardian ends it even when this process was killed.
 */
export function spawnServer(command: ServerCommand): ChildProcess {
  const log = openSync(command.logFile, 'w', 0o600);
  try {
    const child = spawn(command.command, command.args, {
      stdio: ['ignore', log, log],
      detached: true,
      env: { PATH: process.env['PATH'], LANG: 'C' },
      ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
    });
    guard(child, { stopSignal: command.stopSignal, last: true });
    return child;
  } finally {
    closeSync(log);
  }
}

/**
 * Waits until the probe answers true.
 * @throws Error with the end of the server's log when it exits or is not ready in time.
 */
export async function untilReady(
  child: ChildProcess,
  command: ServerCommand,
  probe: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let spawnError: Error | undefined;
  child.once('error', (error) => (spawnError = error));
  while (!(await probe())) {
    if (spawnError !== undefined) throw spawnError;
    if (hasExited(child)) throw new Error(`${command.name} did not start: ${endOfLog(command.logFile)}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${command.name} was not ready in ${timeoutMs / 1000} s: ${endOfLog(command.logFile)}`);
    }
    await sleep(25);
  }
}

/** In good order when it ends within the limit, else by force. */
export async function stopProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  withinMs = STOP_WITHIN_MS,
): Promise<void> {
  if (hasExited(child) || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  child.kill('SIGCONT'); // a stopped process would sleep through it
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await gone;
  clearTimeout(timer);
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The last lines of a log, which mostly say why something ended. */
export function endOfLog(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  return lines.slice(-12).join('\n') || `it said nothing (${logFile})`;
}
