import { partitionOf } from '@tollgate/events';
import {
  callsStream,
  callsSubject,
  CONFIG_STREAM,
  JOURNALS,
  journalStream,
  notesStream,
  pause,
  type Clock,
  type MessageBus,
} from '@tollgate/journal';
import type { BusLink } from '../bus/bus-link.js';
import { within } from '../clock/within.js';
import type { CallRecord } from './call-record.js';
import { behind, type Ends } from './lag.js';
import { fromStore } from './store-error.js';

const LIMIT_MS = 2_000;
const AGAIN_MS = 20;

export interface FreshnessParts {
  readonly bus: Pick<MessageBus, 'endOf' | 'endOfSubject' | 'message'>;
  readonly link: Pick<BusLink, 'downForSec'>;
  readonly record: Pick<CallRecord, 'positions'>;
  readonly partitions: number;
  readonly clock: Clock;
}

/** What a read is about: `timelines` also hold what clients posted. */
export type Concern = 'decisions' | 'timelines';

/** How far the record had got when a read began: to these ends, or not in time. */
export type CaughtUp = { readonly ends: Ends; readonly made: string } | { readonly lagSec: number };

/** A read contains everything that was answered before it began, or says how far behind it is (contract section 8). */
export class Freshness {
  constructor(private readonly parts: FreshnessParts) {}

  /** Waits for the projection. */
  async catchUp(tenant: string, concern: Concern = 'decisions'): Promise<CaughtUp> {
    const { clock, link } = this.parts;
    const began = clock.now();
    const ends = await within(clock, this.endsFor(tenant, concern), LIMIT_MS);
    // What has been journaled meanwhile cannot be known; the record itself is there to be read.
    if (ends === undefined || ends === 'late') return { lagSec: link.downForSec(clock.now()) ?? 1 };
    let { missing, made } = await this.missing(ends);
    while (missing.length > 0 && clock.now() - began < LIMIT_MS) {
      await pause(clock, AGAIN_MS);
      ({ missing, made } = await this.missing(ends));
    }
    return missing.length === 0 ? { ends, made } : { lagSec: await this.ageOf(missing) };
  }

  /**
   * Seconds that what was read after catching up may lag behind; undefined when it does not. A record that was dropped and
   * made anew since then holds less than it did.
   */
  async lagSec(caughtUp: CaughtUp): Promise<number | undefined> {
    if ('lagSec' in caughtUp) return caughtUp.lagSec;
    const { missing, made } = await this.missing(caughtUp.ends);
    return missing.length === 0 && made === caughtUp.made ? undefined : this.ageOf(missing);
  }

  /** Where everything that concerns the tenant ends now; undefined when the bus is out of reach. */
  private async endsFor(tenant: string, concern: Concern): Promise<Ends | undefined> {
    const { bus, link, partitions, clock } = this.parts;
    if (link.downForSec(clock.now()) !== undefined) return undefined;
    const partition = partitionOf(tenant, partitions);
    const calls = callsStream(partition);
    const notes = concern === 'timelines' ? [notesStream(partition)] : [];
    const streams = [...JOURNALS.map((journal) => journalStream(journal, partition)), CONFIG_STREAM, ...notes];
    try {
      const ends = await Promise.all([
        bus.endOfSubject(calls, callsSubject(partition, 'policy')),
        ...streams.map((stream) => bus.endOf(stream)),
      ]);
      return new Map([calls, ...streams].map((source, index) => [source, ends[index] ?? 0]));
    } catch {
      return undefined;
    }
  }

  private async missing(ends: Ends): Promise<{ readonly missing: ReturnType<typeof behind>; readonly made: string }> {
    const { positions, made } = await fromStore(() => this.parts.record.positions([...ends.keys()]));
    return { missing: behind(ends, positions), made };
  }

  /** The age of the oldest message that is not projected yet. */
  private async ageOf(missing: readonly { source: string; after: number }[]): Promise<number> {
    const { bus, clock } = this.parts;
    const stamps = await Promise.all(
      missing.map(({ source, after }) =>
        bus.message(source, after + 1).then(
          (message) => message?.stampMs,
          () => undefined,
        ),
      ),
    );
    const oldest = Math.min(...stamps.map((stamp) => stamp ?? clock.now() - LIMIT_MS));
    return Math.max(1, Math.ceil((clock.now() - oldest) / 1000));
  }
}
