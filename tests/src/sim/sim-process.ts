import type { Clock } from '@tollgate/journal';
import type { World } from './world.js';

/**
 * A process: it lives, pauses and dies; its clock is its own. What is scheduled for a dead one never runs; for a paused
 * one it runs when it goes on, all at once.
 */
export class SimProcess {
  alive = true;
  private paused = false;
  private readonly held: (() => void)[] = [];
  private readonly deaths: (() => void)[] = [];
  readonly clock: Clock;

  constructor(
    readonly world: World,
    readonly name: string,
    /** How far its wall clock is off, ms, and how fast it runs. */
    private readonly skew: { readonly offsetMs: number; readonly rate: number },
  ) {
    let names = 0;
    this.clock = {
      now: () => Math.floor(world.now + skew.offsetMs + world.elapsed * (skew.rate - 1)),
      monotonic: () => world.elapsed * skew.rate,
      after: (ms, work) => this.after(Math.max(0, ms) / this.skew.rate, work),
      soon: (work) => {
        this.after(0, work);
      },
      newName: () => `${name}.${++names}.${world.random.int(0, 2 ** 31).toString(36)}`,
    };
  }

  /** Runs `work` in this process after `ms` of true time. */
  after(ms: number, work: () => void): () => void {
    let wanted = true;
    const cancel = this.world.after(ms, () => {
      this.do(() => {
        if (wanted) work();
      });
    });
    return () => {
      wanted = false;
      cancel();
    };
  }

  /** Runs `work` as something that happens to this process now. */
  do(work: () => void): void {
    if (!this.alive) return;
    if (this.paused) this.held.push(work);
    else work();
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

  pause(ms: number): void {
    if (!this.alive || this.paused) return;
    this.paused = true;
    this.world.note(this.name, `paused for ${Math.round(ms)} ms`);
    this.world.after(ms, () => {
      this.resume();
    });
  }

  private resume(): void {
    this.paused = false;
    if (!this.alive) return;
    this.world.note(this.name, 'goes on');
    // One event each, as the real loop has them; order is kept.
    for (const work of this.held.splice(0)) this.world.after(0, () => this.do(work));
  }
}
