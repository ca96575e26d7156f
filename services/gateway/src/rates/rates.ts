import type { CanActivate } from '@nestjs/common';
import { systemClock } from '@tollgate/journal';
import type { ServiceContext } from '@tollgate/runtime';
import type { Connections } from '../connections.js';
import { LimitedCounts } from './limited-counts.js';
import { OwnBuckets } from './own-buckets.js';
import { bucketsOf, RateLimiter } from './rate-limiter.js';
import { RateGuard } from './rate.guard.js';
import { bucketsIn } from './shared-buckets.js';

/** The rate limits of this gateway's keys, as its settings say: none unless they do. */
export interface Rates {
  readonly counts: LimitedCounts;
  readonly guards: readonly CanActivate[];
}

export function ratesOf(
  { settings, logger, instance }: ServiceContext,
  { bus, redis }: Pick<Connections, 'bus' | 'redis'>,
): Rates {
  const clock = systemClock;
  const counts = new LimitedCounts({ bus, gateway: instance, partitions: settings.partitions, clock, logger });
  const buckets = bucketsOf(settings);
  if (buckets.length === 0) return { counts, guards: [] };
  const limiter = new RateLimiter(new OwnBuckets(buckets), bucketsIn(redis, buckets), clock);
  return { counts, guards: [new RateGuard(limiter, counts, clock)] };
}
