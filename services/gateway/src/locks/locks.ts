import { conflict, ContractError, rateLimited } from '../http/contract-error.js';
import { isoTime } from '../http/times.js';
import type { PlanOf } from '../plans/plan-of.js';
import type { LeaseCommands } from '../tasks/lease-commands.js';
import type { Request } from '../tasks/tasks.js';
import { ttlOf } from '../tasks/ttl.js';
import type { LockBody } from './locks.schema.js';

export interface LockAnswer {
  readonly success: boolean;
  readonly status: 'locked' | 'duplicate';
  readonly key: string;
  readonly ttl: number;
  readonly first_seen_at: string | null;
}

export interface LocksSettings {
  /** `conflict` answers a duplicate 409. */
  readonly duplicates: 'ok' | 'conflict';
  /** What an outage is answered: SDKs read every 5xx as "go ahead" by default. */
  readonly outage: 503 | 429;
}

/** Contract section 1, behind HTTP. */
export class Locks {
  constructor(
    private readonly commands: LeaseCommands,
    private readonly planOf: PlanOf,
    private readonly settings: LocksSettings,
  ) {}

  /** @throws ContractError 402, 403, 409, 429, 503 */
  async check(request: Request, { key, ttl }: LockBody): Promise<LockAnswer> {
    const command = { does: 'lock', key, ttlSec: ttlOf(ttl, this.planOf(request.caller.tenant)) } as const;
    const { type, lock } = await this.commands.ask({ ...request, command }).catch((error: unknown) => {
      throw this.translated(error);
    });
    if (lock === undefined) throw new TypeError(`${type} says nothing of a lock`);
    if (type === 'lock-taken') {
      return { success: true, status: 'locked', key, ttl: lock.ttlSec, first_seen_at: null };
    }
    const firstSeenAt = isoTime(lock.firstSeenAt);
    if (this.settings.duplicates === 'conflict') throw duplicateBlocked(firstSeenAt);
    return { success: false, status: 'duplicate', key, ttl: lock.ttlSec, first_seen_at: firstSeenAt };
  }

  /** Overload is always 429 here, an outage where the server is set so. */
  private translated(error: unknown): unknown {
    if (!(error instanceof ContractError) || error.status !== 503) return error;
    return error.isOverload || this.settings.outage === 429 ? rateLimited(error) : error;
  }
}

const duplicateBlocked = (firstSeenAt: string) =>
  conflict('Duplicate blocked', 'This key was locked before', { first_seen_at: firstSeenAt });
