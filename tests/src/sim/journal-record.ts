import type { JournalName, TollgateEvent } from '@tollgate/events';
import { JOURNALS, journalStream, type Batch, type StoredMessage } from '@tollgate/journal';

/** One event as a journal holds it. */
export interface Entry {
  readonly journal: JournalName;
  readonly partition: number;
  /** Place among everything that any journal stored. */
  readonly order: number;
  /** True time at which it was stored, ms. */
  readonly at: number;
  readonly event: TollgateEvent;
}

export interface StoredBatch {
  readonly journal: JournalName;
  readonly partition: number;
  readonly seq: number;
  readonly batch: Batch;
}

/** Everything the journals say, in the order in which they said it: what checks go by. */
export class JournalRecord {
  readonly entries: Entry[] = [];
  readonly batches: StoredBatch[] = [];
  private readonly journalOf = new Map<string, { journal: JournalName; partition: number }>();

  constructor(partitions: number) {
    for (let partition = 0; partition < partitions; partition++) {
      for (const journal of JOURNALS) this.journalOf.set(journalStream(journal, partition), { journal, partition });
    }
  }

  /** The events of a message, when it is one of a journal. */
  stored(stream: string, message: StoredMessage): readonly Entry[] {
    const place = this.journalOf.get(stream);
    if (place === undefined) return [];
    // Our own journals hold what we wrote: the product's readers look at each word, this one need not.
    const batch = JSON.parse(new TextDecoder().decode(message.data)) as Batch;
    this.batches.push({ ...place, seq: message.seq, batch });
    const at = message.stampMs;
    const entries = batch.events.map((event, i) => ({ ...place, order: this.entries.length + i, at, event }));
    this.entries.push(...entries);
    return entries;
  }
}
