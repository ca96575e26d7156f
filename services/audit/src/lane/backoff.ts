/** Delays that grow from `firstMs` to `mostMs`, with jitter so that two processes do not meet again and again. */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  next(): number {
    const most = Math.min(this.mostMs, this.firstMs * 2 ** this.failures);
    this.failures += 1;
    return most / 2 + (most / 2) * this.random();
  }

  /** Nothing has failed since the last reset. */
  get isFresh(): boolean {
    return this.failures === 0;
  }

  reset(): void {
    this.failures = 0;
  }
}
