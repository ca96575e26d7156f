import type { Clock } from '@tollgate/journal';
import type { Player, Scheduled } from './event-queue.js';
import type { Random } from './random.js';
import type { World } from './world.js';

/** How a process's clocks stand to true time. */
export interface Skew {
  /** Of the wall clock, ms. */
  readonly offsetMs: number;
  /** How fast both clocks run; 1 is true. */
  readonly rate: number;
}

/** What the clocks of a paused process do meanwhile: nothing special, or those of a suspended machine or a wall clock set back. */
export type PausedClock = 'runs' | 'suspended' | 'set back';

/** The bound of rule 4, and what a clock drifts in a run. */
const MAY_BE_OFF_MS = 1_200;
/** What was decided before may leave for so long (rule 10). */
const PERMIT_MS = 1_000;

/**
 * A process: it lives, pauses and dies; its clocks and its luck are its own. What is scheduled for a dead one never runs;
 * for a paused one it runs when it goes on, one after the other.
 */
export class SimProcess implements Player {
  alive = true;
  readonly clock: Clock;
  readonly random: Random;
  private paused = false;
  private readonly held: Scheduled[] = [];
  private readonly deaths: (() => void)[] = [];
  private wallOffset: number;
  /** True time since when it has run with a wall clock that is further off than it may be. */
  private offSince: number | undefined;
  /** Milliseconds that the monotonic clock has stood still: it does while a machine is suspended. */
  private stoodStill = 0;
  /** True time. */
  private lostUntil = 0;

  constructor(
    readonly world: World,
    readonly name: string,
    private readonly skew: Skew,
  ) {
    this.random = world.chanceOf(name);
    this.wallOffset = skew.offsetMs;
    let names = 0;
    this.clock = {
      now: () => Math.floor(world.now + this.wallOffset + world.elapsed * (skew.rate - 1)),
      monotonic: () => world.elapsed * skew.rate - this.stoodStill,
      after: (ms, work) => this.after(Math.max(1, ms) / skew.rate, work),
      soon: (work) => {
        this.after(0, work);
      },
      newName: () => `${name}.${++names}.${this.random.int(0, 2 ** 31).toString(36)}`,
    };
  }

  /** Runs `work` in this process after `ms` of true time. */
  after(ms: number, work: () => void): () => void {
    return this.world.after(ms, work, this);
  }

  /** Something happens to this process now. */
  play(event: Scheduled): void {
    if (!this.alive) return;
    if (this.paused) this.held.push(event);
    else event.run?.();
  }

  onDeath(work: () => void): void {
    this.deaths.push(work);
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.world.note(this.name, 'killed');
    for (const work of this.deaths) work();
  }

  pause(ms: number, clock: PausedClock = 'runs'): void {
    if (!this.alive || this.paused) return;
    this.paused = true;
    if (clock === 'set back') this.wallOffset -= ms;
    this.world.note(this.name, `paused for ${Math.round(ms)} ms${clock === 'runs' ? '' : `, its clock ${clock}`}`);
    const before = this.wallOffset;
    this.world.after(ms, () => {
      if (clock === 'suspended') {
        this.stoodStill += ms * this.skew.rate;
        if (before - this.wallOffset > MAY_BE_OFF_MS) this.lostUntil = this.world.now + PERMIT_MS;
      }
      this.resume();
    });
  }

  /** Somebody, or the time service, sets the wall clock. */
  setClock(byMs: number): void {
    this.world.note(this.name, `its clock jumps by ${Math.round(byMs)} ms`);
    this.wallOffset += byMs;
    this.lookAtClock();
  }

  /** How long it has run with a wall clock that is further off than it may be. */
  get offForMs(): number {
    return this.offSince === undefined ? 0 : this.world.now - this.offSince;
  }

  /** By how much its wall clock is off, ms. */
  get offMs(): number {
    return Math.abs(this.clock.now() - this.world.now);
  }

  /** It just woke, and its wall clock was set back while it was suspended: no clock tells it that a permit has run out. */
  get isLostInTime(): boolean {
    return this.world.now < this.lostUntil;
  }

  /** The time service has the wall clock right again. */
  clockIsRight(): void {
    this.wallOffset = -this.world.elapsed * (this.skew.rate - 1);
    this.lookAtClock();
  }

  private lookAtClock(): void {
    this.offSince = this.offMs > MAY_BE_OFF_MS ? this.world.now : undefined;
  }

  private resume(): void {
    this.paused = false;
    if (!this.alive) return;
    this.lookAtClock();
    this.world.note(this.name, 'goes on');
    // One event each, as the real loop has them, before whatever comes later: days may have passed meanwhile.
    for (const event of this.held.splice(0)) this.world.putBack(event);
  }
}
