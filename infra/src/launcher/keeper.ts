import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasExited } from '../servers/index.js';
import { restartDelay } from './restart-delay.js';
import type { Print } from './progress.js';

/** After this long without ending, an end counts as the first again. */
const STEADY_MS = 30_000;
const STARTING_WAIT_MS = 1_000;

export interface Kept {
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export interface KeeperOptions<Child extends Kept> {
  readonly name: string;
  readonly launch: () => Promise<Child>;
  readonly print: Print;
  /** Called whenever it has started or ended. */
  readonly onChange: () => void;
}

/** Keeps a process running: what ends without being stopped is started again, with growing delay, and that is said. */
export class Keeper<Child extends Kept> {
  private child: Child | undefined;
  private attempts = 0;
  private stopping = false;
  private timer: NodeJS.Timeout | undefined;
  private starting: Promise<void> | undefined;

  constructor(private readonly options: KeeperOptions<Child>) {}

  get name(): string {
    return this.options.name;
  }

  /** What runs; undefined while it waits to be started again. */
  get current(): Child | undefined {
    return this.child !== undefined && !hasExited(this.child.process) ? this.child : undefined;
  }

  /** The first start: its failure is the caller's. */
  async start(): Promise<Child> {
    const child = await this.options.launch();
    this.watch(child);
    return child;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    // One that is just starting ends with us, by the guardian if need be.
    await Promise.race([this.starting, sleep(STARTING_WAIT_MS, undefined, { ref: false })]);
    await this.child?.stop();
  }

  /** At once and without order. */
  kill(): void {
    this.stopping = true;
    clearTimeout(this.timer);
    this.child?.process.kill('SIGKILL');
  }

  private watch(child: Child): void {
    this.child = child;
    const since = Date.now();
    const ended = (): void => {
      this.options.onChange();
      if (Date.now() - since > STEADY_MS) this.attempts = 0;
      if (!this.stopping) this.startAgain(howItEnded(child.process));
    };
    if (hasExited(child.process)) ended();
    else child.process.once('exit', ended);
    this.options.onChange();
  }

  private startAgain(why: string): void {
    this.attempts += 1;
    const delay = restartDelay(this.attempts);
    this.options.print(`! ${this.name} ended (${why}); starting it again in ${delay / 1000} s`);
    this.timer = setTimeout(() => (this.starting = this.relaunch()), delay);
  }

  private async relaunch(): Promise<void> {
    try {
      const child = await this.options.launch();
      this.watch(child);
      if (this.stopping) await child.stop();
      else this.options.print(`  ${this.name} runs again (process ${child.process.pid})`);
    } catch (error) {
      if (!this.stopping) this.startAgain((error as Error).message);
    }
  }
}

function howItEnded({ exitCode, signalCode }: ChildProcess): string {
  return signalCode ?? `exit code ${exitCode}`;
}
