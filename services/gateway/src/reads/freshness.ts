import { setTimeout as pause } from 'node:timers/promises';
import { partitionOf } from '@tollgate/events';
import { callsStream, callsSubject, CONFIG_STREAM, JOURNALS, journalStream, type Bus } from '@tollgate/journal';
import type { AuditDatabase } from '@tollgate/store';
import type { BusLink } from '../bus/bus-link.js';
import { behind, type Ends } from './lag.js';
import { fromStore } from './store-error.js';

const LIMIT_MS = 2_000;
const AGAIN_MS = 20;

/** A read contains everything that was answered before it began, or says how far behind it is (contract section 8). */
export class Freshness {
  constructor(
    private readonly bus: Bus,
    private readonly link: BusLink,
    private readonly database: AuditDatabase,
    private readonly partitions: number,
  ) {}

  /** Waits for the projection; seconds that it lags behind when it does not get there in time, else undefined. */
  async lagSec(tenant: string): Promise<number | undefined> {
    const began = Date.now();
    const ends = await Promise.race([this.endsFor(tenant), pause(LIMIT_MS, undefined, { ref: false })]);
    // What has been journaled meanwhile cannot be known; the record itself is there to be read.
    if (ends === undefined) return this.link.downForSec(Date.now()) ?? 1;
    let missing = behind(ends, await this.positions(ends));
    while (missing.length > 0 && Date.now() - began < LIMIT_MS) {
      await pause(AGAIN_MS);
      missing = behind(ends, await this.positions(ends));
    }
    return missing.length === 0 ? undefined : this.ageOf(missing);
  }

  /** Where everything that concerns the tenant ends now; undefined when the bus is out of reach. */
  private async endsFor(tenant: string): Promise<Ends | undefined> {
    if (this.link.downForSec(Date.now()) !== undefined) return undefined;
    const partition = partitionOf(tenant, this.partitions);
    const calls = callsStream(partition);
    const streams = [...JOURNALS.map((journal) => journalStream(journal, partition)), CONFIG_STREAM];
    try {
      const ends = await Promise.all([
        this.bus.endOfSubject(calls, callsSubject(partition, 'policy')),
        ...streams.map((stream) => this.bus.endOf(stream)),
      ]);
      return new Map([calls, ...streams].map((source, index) => [source, ends[index] ?? 0]));
    } catch {
      return undefined;
    }
  }

  private async positions(ends: Ends): Promise<Ends> {
    const rows = await fromStore(() =>
      this.database
        .selectFrom('projection_positions')
        .select(['source', 'seq'])
        .where('source', 'in', [...ends.keys()])
        .execute(),
    );
    return new Map(rows.map(({ source, seq }) => [source, seq]));
  }

  /** The age of the oldest message that is not projected yet. */
  private async ageOf(missing: readonly { source: string; after: number }[]): Promise<number> {
    const stamps = await Promise.all(
      missing.map(({ source, after }) =>
        this.bus.message(source, after + 1).then(
          (message) => message?.stampMs,
          () => undefined,
        ),
      ),
    );
    const oldest = Math.min(...stamps.map((stamp) => stamp ?? Date.now() - LIMIT_MS));
    return Math.max(1, Math.ceil((Date.now() - oldest) / 1000));
  }
}
