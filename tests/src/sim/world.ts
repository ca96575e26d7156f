import { EventQueue, Scheduled, type Player } from './event-queue.js';
import { Random } from './random.js';

/** Where simulated time begins: 2026-01-01T12:00:00Z, so that short runs stay within one UTC day. */
const START_MS = 1_767_268_800_000;

const DONE = Promise.resolve();

/** A run has some thousands. */
const MOST_STEPS = 200_000;

/** True time and everything that is going to happen. One seed decides every choice. */
export class World {
  readonly random: Random;
  /** True time, ms since the epoch; processes see it through clocks of their own. */
  now = START_MS;
  readonly trace: string[] = [];
  /** How often days have passed in which nothing happens. */
  skips = 0;
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
  after(ms: number, work: () => void, player?: Player): () => void {
    return this.schedule(ms, work, player, false);
  }

  /** As {@link after}, for work that only schedules: nobody's promise hangs on it, so that nothing else has to have its turn. */
  afterSilently(ms: number, work: () => void): void {
    this.schedule(ms, work, undefined, true);
  }

  /** What has had its turn and was not played gets another one now, before everything that was to happen after it. */
  putBack(event: Scheduled): void {
    this.queue.push(event);
  }

  private schedule(ms: number, work: () => void, player: Player | undefined, isSilent: boolean): () => void {
    const event = new Scheduled(this.now + Math.max(0, ms), this.order++, work, player, isSilent);
    this.queue.push(event);
    return () => {
      event.run = undefined;
      this.queue.remove(event);
    };
  }

  /** A line of the readable trace: who did what. */
  note(who: string, what: string): void {
    if (this.tracing) this.trace.push(`${(this.now - START_MS).toFixed(1).padStart(10)}  ${who.padEnd(14)} ${what}`);
  }

  /** Plays until `ms` of true time have passed, `done` says so, or nothing is left to happen. */
  play(ms: number, done: () => boolean = () => false): Promise<void> {
    const until = this.now + ms;
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          if (!done() && this.playOne(until)) process.nextTick(afterwards);
          else resolve();
        } catch (error) {
          reject(error as Error);
        }
      };
      // Node empties its microtasks before its next tick: every continuation of an event runs before the next event. The
      // turn itself must be a microtask, or the tick it asks for would come before them.
      const afterwards = (): void => void DONE.then(turn);
      process.nextTick(afterwards);
    });
  }

  /** Plays what comes next, up to the first event that others may go on after; false when there is none by then. */
  private playOne(until: number): boolean {
    while (!this.isStuck) {
      const next = this.queue.first;
      // Also where nothing is left to happen, because all have stopped, time goes by.
      if (next === undefined || next.at > until) {
        this.now = until;
        return false;
      }
      this.queue.remove(next);
      this.now = Math.max(this.now, next.at);
      const { run, player, isSilent } = next;
      if (run === undefined || player?.alive === false) continue;
      this.steps += 1;
      if (player === undefined) run();
      else player.play(next);
      if (!isSilent) return true;
    }
    return false;
  }

  /** So much time passes in which nothing happens: what was to happen meanwhile happens at its end. */
  skip(ms: number): void {
    this.now += ms;
    this.skips += 1;
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
