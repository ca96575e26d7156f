import { readFileSync } from 'node:fs';
import { rateKey } from '@tollgate/store';
import type { Redis, Result } from 'ioredis';
import type { Bucket } from './bucket.js';

const SCRIPT = readFileSync(new URL('../../lua/take-token.lua', import.meta.url), 'utf8');

/** Buckets of API keys that all gateways take from. */
export interface SharedBuckets {
  /** As of {@link OwnBuckets.take}. Rejects when they are out of reach. */
  take(key: string): Promise<number>;
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeToken(key: string, ...buckets: readonly number[]): Result<number, Context>;
  }
}

export function bucketsIn(redis: Redis, buckets: readonly Bucket[]): SharedBuckets {
  redis.defineCommand('takeToken', { numberOfKeys: 1, lua: SCRIPT });
  const sizes = buckets.flatMap(({ periodMs, tokens }) => [periodMs, tokens]);
  return { take: (key) => redis.takeToken(rateKey(key), ...sizes) };
}
