import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Tollgate } from './tollgate.js';

/** What `npm start` runs. */
const LAUNCHER = fileURLToPath(new URL('../../../infra/dist/launcher-main.js', import.meta.url));
const READY = /^Tollgate is ready: (\S+)/;

/**
 * Starts a Tollgate that nobody else uses: its own servers and services on free ports, its data in a folder that goes
 * with it.
 * @param say takes the progress of the start
 */
export async function startPrivateInstallation(
  atEnd: AsyncDisposableStack,
  say: (line: string) => void,
): Promise<Tollgate> {
  const data = mkdtempSync(join(tmpdir(), 'tollgate-demo-'));
  atEnd.defer(() => rm(data, { recursive: true, force: true }));
  const adminKey = `tg_live_${randomBytes(24).toString('base64url')}`;
  const launcher = spawn(process.execPath, [LAUNCHER, '--data', data], {
    // Detached, so that Ctrl-C reaches only us; it stops by itself when the channel to us closes.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...withoutSettings(process.env), PORT: '0', TOLLGATE_ADMIN_KEY: adminKey },
  });
  atEnd.defer(() => stop(launcher));
  return new Tollgate(await untilReady(launcher, say), adminKey);
}

/** Nothing that leads to, or is meant for, another installation. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = new Set(['NATS_URL', 'REDIS_URL', 'DATABASE_URL', 'HOST']);
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !others.has(name) && !name.startsWith('TOLLGATE_')),
  );
}

/** Resolves to the address that it prints; what it prints before is its progress, and what it prints after is not ours. */
async function untilReady(launcher: ChildProcess, say: (line: string) => void): Promise<string> {
  let ready = false;
  return new Promise((resolve, reject) => {
    const read = (line: string): void => {
      const [, url] = READY.exec(line) ?? [];
      ready ||= url !== undefined;
      if (url !== undefined) resolve(url);
      else if (!ready && line !== '') say(line);
    };
    for (const stream of [launcher.stdout, launcher.stderr]) if (stream) createInterface(stream).on('line', read);
    launcher.once('error', reject);
    launcher.once('exit', () => reject(new Error('Tollgate did not start: see above')));
  });
}

async function stop(launcher: ChildProcess): Promise<void> {
  if (launcher.exitCode !== null || launcher.signalCode !== null) return;
  launcher.kill('SIGTERM');
  await once(launcher, 'exit');
}
