/** Seeds that one worker plays one after the other before it asks for more. */
export interface Stretch {
  readonly first: number;
  readonly runs: number;
}

/** A third of a second's work: at the end nobody waits longer for the last worker, and progress is never older. */
export const STRETCH_RUNS = 25;

/** One queue for all workers, handed out in short stretches. */
export class SeedQueue {
  private handedOut = 0;

  constructor(
    private readonly first: number,
    readonly runs: number,
  ) {}

  next(): Stretch | undefined {
    const runs = Math.min(STRETCH_RUNS, this.runs - this.handedOut);
    if (runs <= 0) return undefined;
    const stretch = { first: this.first + this.handedOut, runs };
    this.handedOut += runs;
    return stretch;
  }
}
