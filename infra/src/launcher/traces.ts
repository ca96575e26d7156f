import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from '../guardian/guardian.js';
import { freePort, hasExited, stopProcess, whyNotListen } from '../servers/index.js';
import type { Kept } from './keeper.js';

/** Where OTLP receivers usually are. */
const USUAL_PORT = 4318;

export async function tracesPort(): Promise<number> {
  return (await whyNotListen('127.0.0.1', USUAL_PORT)) === undefined ? USUAL_PORT : freePort();
}

/** The tracing UI and its OTLP receiver on loopback; spans stay in its memory. */
export async function startTraces(port: number, logFile: string): Promise<Kept> {
  const entry = createRequire(import.meta.url).resolve('autotel-devtools');
  const ports = ['--port', String(port), '--grpc-port', String(await freePort())];
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(
    process.execPath,
    [join(dirname(entry), 'cli.js'), ...ports, '--host', '127.0.0.1', '--title', 'Tollgate'],
    {
      stdio: ['ignore', log, log],
      detached: true,
      env: { PATH: process.env['PATH'], AUTOTEL_DEVTOOLS_SOURCE_ROOT: 'false' },
    },
  );
  closeSync(log);
  guard(child, { stopSignal: 'SIGTERM', last: true });
  while (!(await answers(port))) {
    if (hasExited(child)) throw new Error(`the tracing UI did not start (${logFile})`);
    await sleep(50);
  }
  return { process: child, stop: () => stopProcess(child, 'SIGTERM') };
}

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
  return response?.ok ?? false;
}
