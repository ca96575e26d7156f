import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ProcessMessage, ServiceName, ServiceStatus } from '@tollgate/runtime';
import { eventually } from './eventually.js';

const require = createRequire(import.meta.url);
const ROOT = join(dirname(require.resolve('@tollgate/events')), '../../..');

/** All six in one process, or one of them. */
export type ProcessKind = 'all' | ServiceName;

const fileOf = (kind: ProcessKind): string =>
  kind === 'all' ? join(ROOT, 'infra/dist/services-main.js') : join(ROOT, `services/${kind}/dist/main.js`);

/** A process of the product, as a container would run it; what it prints is kept. */
export class ServiceProcess {
  /** Standard output and standard error. */
  readonly output: string[] = [];
  /** Standard error alone: a process that is well writes nothing there. */
  readonly errorOutput: string[] = [];
  private services: readonly ServiceStatus[] = [];
  private started = false;

  private constructor(
    readonly kind: ProcessKind,
    readonly child: ChildProcess,
  ) {
    child.on('message', (message: ProcessMessage) => {
      if (message.type === 'status') this.services = message.services;
      else this.started = true;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.output.push(text));
    }
    child.stderr?.on('data', (text: string) => this.errorOutput.push(text));
  }

  /** Starts it; resolves when it says that it is ready. */
  static async start(kind: ProcessKind, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const started = ServiceProcess.spawn(kind, env);
    const said = eventually(`${kind} is ready`, () => started.started || started.hasExited, 60_000);
    await said.catch((cause: unknown) => {
      throw new Error(`${kind} was not ready in time:\n${started.output.join('')}`, { cause });
    });
    if (started.hasExited) throw new Error(`${kind} did not start:\n${started.output.join('')}`);
    return started;
  }

  static spawn(kind: ProcessKind, env: Readonly<Record<string, string>>): ServiceProcess {
    const child = fork(fileOf(kind), {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    return new ServiceProcess(kind, child);
  }

  /** What it printed, line by line. */
  get lines(): string[] {
    return this.output.join('').split('\n').filter(Boolean);
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Partitions that a stage of this process owns now. */
  owns(service: ServiceName): readonly number[] {
    return this.services.find(({ name }) => name === service)?.owns ?? [];
  }

  /** Where the gateway of this process listens. */
  get address(): string | undefined {
    return this.services.find(({ name }) => name === 'gateway')?.address;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await eventually(`${this.kind} is gone`, () => this.hasExited, 5_000);
  }

  async stop(): Promise<void> {
    if (this.hasExited) return;
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    await eventually(`${this.kind} has stopped`, () => this.hasExited, 12_000).catch(() => this.kill());
  }
}
