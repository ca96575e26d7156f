import { Redis } from 'ioredis';

export interface RedisOptions {
  /** Shown by Redis in CLIENT LIST. */
  readonly name: string;
  /** Connecting and each command end after this many ms. */
  readonly timeoutMs: number;
  /** Said once per failed connection attempt; reconnecting goes on by itself. */
  readonly onError?: (error: Error) => void;
}

/** Connects in the background and again after every loss; commands fail at once while there is no connection. */
export function openRedis(url: string, options: RedisOptions): Redis {
  const redis = new Redis(url, {
    connectionName: options.name,
    connectTimeout: options.timeoutMs,
    commandTimeout: options.timeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
  });
  redis.on('error', (error: Error) => options.onError?.(error));
  return redis;
}
