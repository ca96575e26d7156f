import { EventQueue } from './event-queue.js';
import { Random } from './random.js';

/** Where simulated time begins: 2026-01-01T12:00:00Z, so that short runs stay within one UTC day. */
const START_MS = 1_767_268_800_000;

/** A run has some thousands. */
const MOST_STEPS = 200_000;

/** Lets every continuation of the last event run before the next one: Node empties its microtasks before its next tick. */
const continuations = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** True time and everything that is going to happen. One seed decides every choice. */
export class World {
  readonly random: Random;
  /** True time, ms since the epoch; processes see it through clocks of their own. */
  now = START_MS;
  readonly trace: string[] = [];
  private readonly queue = new EventQueue();
  private order = 0;
  private steps = 0;

  constructor(
    readonly seed: number,
    private readonly tracing: boolean,
  ) {
    this.random = new Random(seed);
  }

  /** A source of chance of its own, so that what is left out elsewhere does not change what happens here. */
  chanceOf(name: string): Random {
    return new Random(hashOf(`${this.seed}/${name}`));
  }

  /** Runs `work` after `ms` of true time; the answer cancels it. */
  after(ms: number, work: () => void): () => void {
    const item = { at: this.now + Math.max(0, ms), order: this.order++, run: work as (() => void) | undefined };
    this.queue.push(item);
    return () => {
      item.run = undefined;
    };
  }

  /** A line of the readable trace: who did what. */
  note(who: string, what: string): void {
    if (this.tracing) this.trace.push(`${(this.now - START_MS).toFixed(1).padStart(10)}  ${who.padEnd(14)} ${what}`);
  }

  /** Plays until `ms` of true time have passed, `done` says so, or nothing is left to happen. */
  async play(ms: number, done: () => boolean = () => false): Promise<void> {
    const until = this.now + ms;
    while (!done() && !this.isStuck) {
      const next = this.queue.pop();
      if (next === undefined) return;
      if (next.at > until) {
        this.queue.push(next);
        this.now = until;
        return;
      }
      this.now = Math.max(this.now, next.at);
      if (next.run === undefined) continue;
      this.steps += 1;
      next.run();
      await continuations();
    }
  }

  /** So much time passes in which nothing happens: what was to happen meanwhile happens at its end. */
  skip(ms: number): void {
    this.now += ms;
  }

  /** Something goes round in circles. */
  get isStuck(): boolean {
    return this.steps > MOST_STEPS;
  }

  get elapsed(): number {
    return this.now - START_MS;
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
