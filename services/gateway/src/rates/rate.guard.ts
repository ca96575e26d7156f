import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Clock } from '@tollgate/journal';
import { instruments } from '@tollgate/runtime';
import type { FastifyRequest } from 'fastify';
import { knownCaller } from '../auth/access.js';
import { tooManyRequests } from '../http/contract-error.js';
import type { LimitedCounts } from './limited-counts.js';
import type { RateLimiter } from './rate-limiter.js';

/** Behind the key, before anything of the request is looked at: 429 costs nothing and changes nothing. */
export class RateGuard implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly counts: LimitedCounts,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const caller = knownCaller(context.switchToHttp().getRequest<FastifyRequest>());
    if (caller === undefined) return true;
    const waitMs = await this.limiter.waitFor(caller.keyId);
    if (waitMs === 0) return true;
    this.counts.add(caller.tenant, this.clock.now());
    instruments().rateLimited({ service: 'gateway' });
    throw tooManyRequests(waitMs / 1_000);
  }
}
