import type { JournalName, TollgateEvent } from '@tollgate/events';

/** An event with its place in its journal. */
export interface RecordedEvent<E extends TollgateEvent = TollgateEvent> {
  readonly journal: JournalName;
  readonly partition: number;
  readonly stream: string;
  readonly seq: number;
  readonly index: number;
  readonly event: E;
}
