import { partitionOf } from '@tollgate/events';
import { journalStream, pause, type Clock, type MessageBus } from '@tollgate/journal';
import { decodeStoredTask, taskKey, usageKey, type StoredTask } from '@tollgate/store';
import type { BusLink } from '../bus/bus-link.js';
import { unavailable } from '../http/contract-error.js';
import type { TaskStore } from './task-store.js';

export interface KnownTasksParts {
  readonly bus: Pick<MessageBus, 'endOf'>;
  readonly link: Pick<BusLink, 'mustBeUp'>;
  readonly store: TaskStore;
  readonly partitions: number;
  readonly clock: Clock;
}

/** Credits used in a month. */
export interface UsedCredits {
  readonly make: number;
  readonly ai: number;
}

const LIMIT_MS = 2_000;
const AGAIN_MS = 10;

/**
 * Tasks and credits as Redis shows them, never older than what was answered before: where the projection is not as far as
 * the journal was when the question came, it is waited for, and then refused (contract section 8).
 */
export class KnownTasks {
  constructor(private readonly parts: KnownTasksParts) {}

  /** @throws ContractError 503 */
  async find(tenant: string, key: string): Promise<StoredTask | undefined> {
    const text = await this.read(tenant, (partition, source) =>
      this.parts.store.string(partition, source, taskKey(tenant, key)),
    );
    return text === null ? undefined : decodeStoredTask(text);
  }

  /**
   * @param month `YYYY-MM`, UTC: what was used in another one is past.
   * @throws ContractError 503
   */
  async usage(tenant: string, month: string): Promise<UsedCredits> {
    const fields = await this.read(tenant, (partition, source) =>
      this.parts.store.hash(partition, source, usageKey(tenant)),
    );
    if (fields['month'] !== month) return { make: 0, ai: 0 };
    return { make: Number(fields['make']), ai: Number(fields['ai']) };
  }

  private async read<T>(
    tenant: string,
    query: (partition: number, source: string) => Promise<{ seq: number; value: T }>,
  ): Promise<T> {
    const { bus, link, partitions, clock } = this.parts;
    link.mustBeUp();
    const partition = partitionOf(tenant, partitions);
    const source = journalStream('lease', partition);
    const until = clock.now() + LIMIT_MS;
    try {
      const end = await bus.endOf(source);
      for (;;) {
        const { seq, value } = await query(partition, source);
        if (seq >= end) return value;
        if (clock.now() >= until) break;
        await pause(clock, AGAIN_MS);
      }
    } catch (error) {
      throw unavailable('The present is out of reach', {}, error);
    }
    throw unavailable('The present is not up to date yet: repeat it');
  }
}
