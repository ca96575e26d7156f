import { systemClock } from '@tollgate/journal';
import { OwnBuckets } from './own-buckets.js';
import { bucketsOf, RateLimiter } from './rate-limiter.js';

const buckets = [{ periodMs: 60_000, tokens: 2 }];

describe('the rate limit of a gateway', () => {
  /** Buckets in Redis that answer this, or are away; and how often they were asked. */
  function limiter(answers: () => Promise<number>) {
    let asked = 0;
    const shared = {
      take: () => {
        asked += 1;
        return answers();
      },
    };
    return { limiter: new RateLimiter(new OwnBuckets(buckets), shared, systemClock), asked: () => asked };
  }

  it('without Redis is its own', async () => {
    const { limiter: limits } = limiter(() => Promise.reject(new Error('away')));
    expect([await limits.waitFor('a'), await limits.waitFor('a')]).toEqual([0, 0]);
    expect(await limits.waitFor('a')).toBeGreaterThan(0);
  });

  it('asks a Redis that is away once in a while, not for every request', async () => {
    const { limiter: limits, asked } = limiter(() => Promise.reject(new Error('away')));
    for (const key of ['a', 'b', 'c', 'd']) await limits.waitFor(key);
    expect(asked()).toBe(1);
  });

  it('does not wait for a Redis that hangs', async () => {
    const { limiter: limits } = limiter(() => new Promise<number>(() => undefined));
    const began = performance.now();
    expect([await limits.waitFor('a'), await limits.waitFor('b')]).toEqual([0, 0]);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('what others have taken counts; what is refused for it costs nothing here', async () => {
    const waits = [700, 700, 700, 0, 0];
    const { limiter: limits, asked } = limiter(() => Promise.resolve(waits.shift() ?? 0));
    const answers = [];
    for (let time = 0; time < 5; time += 1) answers.push(await limits.waitFor('a'));
    expect(answers).toEqual([700, 700, 700, 0, 0]);
    expect(await limits.waitFor('a')).toBeGreaterThan(0);
    // The last was refused by its own buckets: a loud key does not reach Redis.
    expect(asked()).toBe(5);
  });

  it('is none unless the settings say so', () => {
    expect(bucketsOf({ rateLimitPerSecond: undefined, rateLimitPerMinute: undefined })).toEqual([]);
    expect(bucketsOf({ rateLimitPerSecond: 5, rateLimitPerMinute: 60 })).toEqual([
      { periodMs: 1_000, tokens: 5 },
      { periodMs: 60_000, tokens: 60 },
    ]);
  });
});
