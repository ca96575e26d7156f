import { takeToken, type Bucket } from './bucket.js';

/** Buckets of API keys as one gateway knows them: of its own requests only. Times are monotonic ms. */
export class OwnBuckets {
  /** By key: when each of its buckets is full again; whoever took last is last. */
  private readonly keys = new Map<string, readonly number[]>();

  constructor(private readonly buckets: readonly Bucket[]) {}

  /** Takes a token from every bucket of a key, or from none of them: the ms until there is one in each, 0 when taken. */
  take(key: string, now: number): number {
    const known = this.keys.get(key);
    const taken = this.buckets.map((bucket, at) => takeToken(bucket, known?.[at] ?? now, now));
    const waitMs = Math.max(0, ...taken.map((one) => ('waitMs' in one ? one.waitMs : 0)));
    if (waitMs > 0) return waitMs;
    this.remember(
      key,
      taken.map((one) => ('fullAt' in one ? one.fullAt : now)),
    );
    this.forgetFull(now);
    return 0;
  }

  /** What was taken is not used after all. */
  giveBack(key: string): void {
    const known = this.keys.get(key);
    if (known === undefined) return;
    const before = this.buckets.map(({ periodMs, tokens }, at) => (known[at] ?? 0) - periodMs / tokens);
    this.remember(key, before);
  }

  get size(): number {
    return this.keys.size;
  }

  private remember(key: string, fullAt: readonly number[]): void {
    this.keys.delete(key);
    this.keys.set(key, fullAt);
  }

  /** A full bucket is like one that nobody knows. The key that took longest ago comes first; one that is not full yet ends it. */
  private forgetFull(now: number): void {
    for (const [key, fullAt] of this.keys) {
      if (Math.max(...fullAt) > now) return;
      this.keys.delete(key);
    }
  }
}
