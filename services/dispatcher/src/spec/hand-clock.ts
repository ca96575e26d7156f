import type { Clock } from '@tollgate/journal';

/** A clock that stands still until it is moved; wall clock and monotonic clock may be moved apart. */
export class HandClock implements Clock {
  private wall = Date.UTC(2026, 10, 21, 12);
  private mono = 1_000_000;
  private names = 0;
  private readonly timers = new Set<{ readonly at: number; readonly work: () => void }>();

  now(): number {
    return this.wall;
  }

  monotonic(): number {
    return this.mono;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.mono + Math.max(0, ms), work };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  soon(work: () => void): void {
    this.after(0, work);
  }

  newName(): string {
    this.names += 1;
    return `name ${this.names}`;
  }

  /** The wall clock is set, forwards or back; no time passes. */
  setWall(byMs: number): void {
    this.wall += byMs;
  }

  /** Time passes, and whatever was waiting for it goes on. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1) {
      this.wall += 1;
      this.mono += 1;
      for (const timer of [...this.timers].filter(({ at }) => at <= this.mono)) {
        this.timers.delete(timer);
        timer.work();
      }
      await Promise.resolve();
      await Promise.resolve();
    }
  }
}
