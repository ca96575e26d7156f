import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { endOfLog, stopProcess } from '../servers/index.js';
import { guard } from '../guardian/guardian.js';
import type { ProcessMessage, ServiceStatus } from '@tollgate/runtime';

/** A process of one or more services. */
export interface ServiceProcess {
  readonly process: ChildProcess;
  /** What it said last about its services. */
  services(): readonly ServiceStatus[];
  stop(): Promise<void>;
}

export interface ServiceProcessOptions {
  readonly script: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** How long it may take until all its services have started. */
  readonly readyWithinMs: number;
  readonly onStatus: () => void;
}

/**
 * Starts it and waits until all its services have started. It has a session of its own, so that Ctrl-C in the terminal
 * reaches only the launcher; it ends by itself when the launcher is gone.
 * @throws Error when it ends before, or takes too long.
 */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(process.execPath, [options.script], {
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
    env: options.environment,
  });
  closeSync(log);
  guard(child, { stopSignal: 'SIGTERM', last: false });
  let services: readonly ServiceStatus[] = [];
  child.on('message', (message: ProcessMessage) => {
    if (message.type !== 'status') return;
    services = message.services;
    options.onStatus();
  });
  await untilReady(child, options);
  return { process: child, services: () => services, stop: () => stopProcess(child, 'SIGTERM', STOP_WITHIN_MS) };
}

/** Longer than a service process takes at most to end in good order. */
const STOP_WITHIN_MS = 10_000;

async function untilReady(child: ChildProcess, { readyWithinMs, logFile }: ServiceProcessOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        new Error(
          `its services have not started within ${readyWithinMs / 1000} s; the end of ${logFile}:\n${endOfLog(logFile)}`,
        ),
      );
    }, readyWithinMs);
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      child.off('exit', onExit).off('message', onMessage);
      done();
    };
    const onExit = (code: number | null, signal: string | null): void =>
      settle(() =>
        reject(
          new Error(
            `it ended while starting (${signal ?? `exit code ${code}`}); the end of ${logFile}:\n${endOfLog(logFile)}`,
          ),
        ),
      );
    const onMessage = (message: ProcessMessage): void => {
      if (message.type === 'ready') settle(resolve);
    };
    child.once('exit', onExit).on('message', onMessage);
    child.once('error', (error) => settle(() => reject(error)));
  });
}
