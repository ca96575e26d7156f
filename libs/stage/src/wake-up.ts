import type { Clock } from '@tollgate/journal';

/** A timer that decided nothing is not asked again sooner. */
const REST_MS = 50;

/** One alarm at a time: the next moment at which the clock alone decides something. */
export class WakeUp {
  private cancel: (() => void) | undefined;
  /** When an answer in vain was given, by the wall clock; undefined after one that decided something. */
  private inVainAt: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** `at` in ms since the epoch; undefined for never. */
  set(at: number | undefined): void {
    this.stop();
    if (at === undefined) return;
    const now = this.clock.now();
    const rest = this.inVainAt === undefined ? 0 : this.inVainAt + REST_MS - now;
    this.cancel = this.clock.after(Math.max(0, at - now, rest), this.ring);
  }

  /** Whether the last ring decided anything. */
  answered(somethingDecided: boolean): void {
    this.inVainAt = somethingDecided ? undefined : this.clock.now();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}
