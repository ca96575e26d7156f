import { journalKept, type JournalName, type TollgateEvent, EventDecodeError } from '@tollgate/events';
import {
  JOURNALS,
  journalStream,
  keptSubject,
  notesStream,
  readBatch,
  type Clock,
  type MessageBus,
} from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { Lane } from '../lane/lane.js';
import { sequenceBefore } from '../reading/sequence-before.js';
import { cutsOf, type Cut, type Kept } from './cuts.js';

export interface RetentionOptions {
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly partitions: number;
  /** How long everything is kept, ms. */
  readonly keptMs: number;
  /** How long notes are kept, ms: as long as the record shows them, a repeat must find the first. */
  readonly notesKeptMs?: number;
  readonly lanes: readonly Pick<Lane, 'sources' | 'stored'>[];
}

const EVERY_MS = 600_000;

/** Purges what nobody needs any more from the journals and CALLS; audit does, because it sees how far everybody is (rule 15). */
export class Retention {
  private cancel: (() => void) | undefined;
  /** By stream: how far every projection was a round ago. Since then its store has flushed what it committed. */
  private readonly storedBefore = new Map<string, number>();
  private readonly purged = new Map<string, number>();

  constructor(private readonly options: RetentionOptions) {}

  start(everyMs = EVERY_MS): void {
    this.cancel = this.options.clock.after(everyMs, () => {
      void this.purge().finally(() => {
        if (this.cancel !== undefined) this.start(everyMs);
      });
    });
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  /** One round over all partitions; what cannot be reached now is purged by the next. */
  async purge(): Promise<void> {
    const { partitions, clock, keptMs, logger } = this.options;
    for (let partition = 0; partition < partitions; partition++) {
      try {
        const kept = await this.lastKept(partition);
        const cuts = cutsOf(partition, kept, (stream) => this.storedForLong(stream), clock.now(), keptMs);
        for (const cut of [...cuts, ...this.notesCuts(partition)]) await this.carryOut(cut);
      } catch (error) {
        logger.warn('journals not purged, will be tried again', { partition }, error);
      }
    }
  }

  /** No stage needs them. */
  private notesCuts(partition: number): readonly Cut[] {
    const { clock, keptMs, notesKeptMs = keptMs, lanes } = this.options;
    const stream = notesStream(partition);
    if (!lanes.some(({ sources }) => sources.some((source) => source.stream === stream))) return [];
    return [{ stream, before: this.storedForLong(stream), olderThanMs: clock.now() - Math.max(keptMs, notesKeptMs) }];
  }

  private async carryOut({ stream, subject, before, olderThanMs }: Cut): Promise<void> {
    const { bus, logger } = this.options;
    const { first } = await bus.rangeOf(stream);
    const stays = Math.min(before, (await sequenceBefore(bus, stream, olderThanMs)) + 1);
    const place = `${stream} ${subject ?? ''}`;
    if (stays <= Math.max(first, this.purged.get(place) ?? 0)) return;
    await bus.purge(stream, stays, subject);
    this.purged.set(place, stays);
    logger.info('journal purged', { stream, ...(subject === undefined ? {} : { subject }), first: stays });
  }

  private storedForLong(stream: string): number {
    const before = this.storedBefore.get(stream) ?? 0;
    const now = this.stored(stream);
    this.storedBefore.set(stream, now);
    return Math.min(before, now);
  }

  /** By the projection that is furthest behind. */
  private stored(stream: string): number {
    const sequences = this.options.lanes.flatMap((lane) =>
      lane.sources.filter((source) => source.stream === stream).map((source) => lane.stored(source.name)),
    );
    return sequences.length === 0 ? 0 : Math.min(...sequences);
  }

  private async lastKept(partition: number): Promise<ReadonlyMap<JournalName, Kept>> {
    const kept = new Map<JournalName, Kept>();
    for (const journal of JOURNALS) {
      const message = await this.options.bus.lastOf(journalStream(journal, partition), keptSubject(journal, partition));
      const said = message === undefined ? undefined : readBatch(message.data).events.findLast(isKept);
      if (said !== undefined) kept.set(journal, said.data);
    }
    return kept;
  }
}

const isKept = (event: TollgateEvent | EventDecodeError): event is Extract<TollgateEvent, { type: 'journal-kept' }> =>
  !(event instanceof EventDecodeError) && event.type === journalKept.type;
