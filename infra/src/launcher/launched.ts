import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../guardian/alive.js';
import { hasExited } from '../servers/index.js';
import type { Running } from './run-record.js';

/* For specs: a launcher that was started as a person starts it. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** The launcher without npm in front of it. */
export const LAUNCHER = [process.execPath, fileURLToPath(new URL('../launcher-main.js', import.meta.url))] as const;
const OF_THE_TEST_RUN = ['NATS_URL', 'REDIS_URL', 'DATABASE_URL', 'TOLLGATE_ADMIN_KEY', 'NODE_OPTIONS'];

export interface Where {
  readonly data: string;
  readonly port: number;
}

export class Launched {
  private output = '';
  readonly process: ChildProcess;
  private readonly exited: Promise<unknown>;

  /**
   * @param command what to run instead of the launcher itself, for example npm
   * @param given what the person has set in the environment
   */
  constructor(
    private readonly where: Where,
    args: readonly string[] = [],
    [command, ...before]: readonly [string, ...string[]] = LAUNCHER,
    given: NodeJS.ProcessEnv = {},
  ) {
    const env: NodeJS.ProcessEnv = { ...process.env, PORT: String(where.port) };
    for (const name of OF_THE_TEST_RUN) Reflect.deleteProperty(env, name);
    Object.assign(env, given);
    this.process = spawn(command, [...before, '--data', where.data, ...args], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.process.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.exited = once(this.process, 'exit');
  }

  get text(): string {
    return this.output;
  }

  get api(): string {
    return `http://127.0.0.1:${this.where.port}`;
  }

  /** Waits until it has said this. */
  async says(words: string | RegExp, withinMs = 60_000): Promise<string> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const found = typeof words === 'string' ? this.output.includes(words) && words : words.exec(this.output)?.[1];
      if (found) return found;
      if (hasExited(this.process) || Date.now() > deadline) throw new Error(`it never said ${words}:\n${this.output}`);
      await sleep(25);
    }
  }

  async ready(): Promise<this> {
    await this.says('Tollgate is ready');
    return this;
  }

  async exitCode(): Promise<number | null> {
    await this.exited;
    return this.process.exitCode;
  }

  /** By a signal to the launcher; resolves when it has ended. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.process.kill(signal);
    return this.exitCode();
  }

  async status(): Promise<readonly Running[]> {
    return statusOf(this.where);
  }
}

/** What `--status` prints. */
export async function statusOf(where: Where): Promise<readonly Running[]> {
  const asked = new Launched(where, ['--status']);
  await asked.exitCode();
  return JSON.parse(asked.text) as readonly Running[];
}

export async function untilNoneLives(pids: readonly number[], withinMs: number): Promise<readonly number[]> {
  const deadline = Date.now() + withinMs;
  while (pids.some(isAlive) && Date.now() < deadline) await sleep(50);
  return pids.filter(isAlive);
}

export function pidsOf(running: readonly Running[]): readonly number[] {
  return [...new Set(running.map(({ pid }) => pid))];
}
