import type { JournalName } from '@tollgate/events';
import { callsStream, journalStream } from '@tollgate/journal';

/** The stream behind the name that a stage has for a source. */
export const streamsOf = (source: string, partition: number): string =>
  source === 'calls' ? callsStream(partition) : journalStream(source as JournalName, partition);
