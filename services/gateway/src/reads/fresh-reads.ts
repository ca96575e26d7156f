import type { Concern, Freshness } from './freshness.js';
import { fromStore } from './store-error.js';

/** What was found, and how old it may be. */
export interface Fresh<T> {
  readonly found: T;
  /** Seconds that the record lags behind what was answered before; undefined when it does not. */
  readonly lagSec: number | undefined;
}

/** Queries of the record that keep to the freshness rule. */
export class FreshReads<Record> {
  constructor(
    private readonly record: Record,
    private readonly freshness: Pick<Freshness, 'catchUp' | 'lagSec'>,
  ) {}

  /** Waits for the projection, and queries. */
  async read<T>(
    tenant: string,
    query: (record: Record) => Promise<T>,
    concern: Concern = 'decisions',
  ): Promise<Fresh<T>> {
    const caughtUp = await this.freshness.catchUp(tenant, concern);
    const found = await this.readNow(query);
    return { found, lagSec: await this.freshness.lagSec(caughtUp) };
  }

  /** Without waiting: for those who look again and again. */
  readNow<T>(query: (record: Record) => Promise<T>): Promise<T> {
    return fromStore(() => query(this.record));
  }
}
