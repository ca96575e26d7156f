import { decodeStoredOutcome, outcomeKey } from '@tollgate/store';
import type { Redis } from 'ioredis';
import { endedByStore, type EndedCall } from './ended-call.js';

/** The outcomes that the projection keeps in Redis. Without Redis nothing is found, and nothing fails. */
export class Outcomes {
  constructor(private readonly redis: Pick<Redis, 'get'>) {}

  async find(tenant: string, callId: string): Promise<EndedCall | undefined> {
    try {
      const text = await this.redis.get(outcomeKey(tenant, callId));
      return text === null ? undefined : endedByStore(decodeStoredOutcome(text));
    } catch {
      return undefined;
    }
  }
}
