import { pause, type Clock } from '@tollgate/journal';

/** Requests and hand-overs that outlive their owner: a clean end waits for them, or its calls would be in doubt. */
export class Underway {
  private readonly work = new Set<Promise<void>>();

  constructor(private readonly clock: Clock) {}

  add(work: Promise<void>): void {
    this.work.add(work);
    void work.finally(() => this.work.delete(work));
  }

  /** Resolves when nothing is under way any more, at the latest after `mostMs`. */
  async settled(mostMs: number): Promise<void> {
    const until = this.clock.monotonic() + mostMs;
    while (this.work.size > 0 && this.clock.monotonic() < until) {
      await Promise.race([Promise.all(this.work), pause(this.clock, until - this.clock.monotonic())]);
    }
  }
}
