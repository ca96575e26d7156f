import type { Clock } from '@tollgate/journal';

/** A timer that decided nothing is not asked again sooner. */
const REST_MS = 50;

/** One alarm at a time: the next moment at which the clock alone decides something. */
export class WakeUp {
  private cancel: (() => void) | undefined;
  private rests = false;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** `at` in ms since the epoch; undefined for never. */
  set(at: number | undefined): void {
    this.stop();
    if (at === undefined) return;
    this.cancel = this.clock.after(Math.max(at - this.clock.now(), this.rests ? REST_MS : 0), this.ring);
  }

  /** Whether the last ring decided anything. */
  answered(somethingDecided: boolean): void {
    this.rests = !somethingDecided;
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}
