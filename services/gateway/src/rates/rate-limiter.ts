import type { Clock } from '@tollgate/journal';
import type { Settings } from '@tollgate/runtime';
import { within } from '../clock/within.js';
import type { Bucket } from './bucket.js';
import type { OwnBuckets } from './own-buckets.js';
import type { SharedBuckets } from './shared-buckets.js';

const SECOND_MS = 1_000;
/** No request waits longer for Redis than this; whoever has waited in vain does not ask again for a while. */
const LIMIT_MS = 100;
const LEFT_ALONE_MS = 1_000;

/** What an API key may do, by the settings; none when there is no limit. */
export const bucketsOf = ({
  rateLimitPerSecond: second,
  rateLimitPerMinute: minute,
}: Pick<Settings, 'rateLimitPerSecond' | 'rateLimitPerMinute'>): readonly Bucket[] => [
  ...(second === undefined ? [] : [{ periodMs: SECOND_MS, tokens: second }]),
  ...(minute === undefined ? [] : [{ periodMs: 60 * SECOND_MS, tokens: minute }]),
];

/**
 * How often a key may ask (contract section 0, 429). A gateway takes from its own buckets first: where they are empty so
 * are those in Redis, which all gateways take from. Without Redis its own are what counts, and each gateway limits by itself.
 */
export class RateLimiter {
  private leftAloneUntil = -Infinity;

  constructor(
    private readonly own: OwnBuckets,
    private readonly shared: SharedBuckets,
    private readonly clock: Clock,
  ) {}

  /** Ms until the key may ask again; 0 when it may now. */
  async waitFor(key: string): Promise<number> {
    const own = this.own.take(key, this.clock.monotonic());
    if (own > 0) return own;
    const shared = await this.sharedWait(key);
    if (shared > 0) this.own.giveBack(key);
    return shared;
  }

  private async sharedWait(key: string): Promise<number> {
    const { clock } = this;
    if (clock.monotonic() < this.leftAloneUntil) return 0;
    const answer = await within(
      clock,
      this.shared.take(key).catch(() => 'away' as const),
      LIMIT_MS,
    );
    if (typeof answer === 'number') return answer;
    this.leftAloneUntil = clock.monotonic() + LEFT_ALONE_MS;
    return 0;
  }
}
