import type { JournalName } from '@tollgate/events';
import { CONFIG_STREAM, JOURNALS, journalStream, notesStream } from '@tollgate/journal';

/** A stream that is projected. `name` is its row in `projection_positions`, the same as its stream's but in tests. */
export type Source =
  | {
      readonly kind: 'journal';
      readonly name: string;
      readonly stream: string;
      readonly journal: JournalName;
      readonly partition: number;
    }
  | { readonly kind: 'notes'; readonly name: string; readonly stream: string; readonly partition: number }
  | { readonly kind: 'config'; readonly name: string; readonly stream: string };

const sourceOf = (journal: JournalName, partition: number): Source => {
  const stream = journalStream(journal, partition);
  return { kind: 'journal', name: stream, stream, journal, partition };
};

/** The journals of one partition, which hold everything of its tenants. */
export const journalsOf = (partition: number): readonly Source[] =>
  JOURNALS.map((journal) => sourceOf(journal, partition));

/** The journal of the stage that decides locks, tasks and credits. */
export const leaseOf = (partition: number): Source => sourceOf('lease', partition);

/** What clients of one partition put on timelines themselves, and what gateways count. */
export const notesOf = (partition: number): Source => {
  const stream = notesStream(partition);
  return { kind: 'notes', name: stream, stream, partition };
};

export const configSource: Source = { kind: 'config', name: CONFIG_STREAM, stream: CONFIG_STREAM };
