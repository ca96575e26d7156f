import { isCarried, isEnding, type EndingEvent, type TollgateEvent } from '@tollgate/events';
import type { ConfigChangesTable, EventsTable } from '@tollgate/store';
import { isReadable, type ReadMessage } from '../reading/read-message.js';
import { callRow, foldCallRow, type CallRow } from './call-row.js';
import { configChangeRow } from './config-change-row.js';
import { eventRow } from './event-row.js';
import { feedRows, type FeedRow } from './feed-rows.js';
import { noteRows } from './note-rows.js';
import { parkedByAudit, parkedByStage, type ParkedInputRow } from './parked-input-row.js';
import { parkedSettlementRows, type ParkedSettlementRow } from './parked-settlement-row.js';
import type { RecordedEvent } from './recorded-event.js';
import type { Row } from './row.js';
import { timelineRows, type TimelineRow } from './timeline-rows.js';
import { usageRows, type UsageRow } from './usage-rows.js';

/** Everything that some messages add to Postgres; runs and rollups are made of it (runRows, rollupRows). */
export interface ProjectedRows {
  readonly events: readonly Row<EventsTable>[];
  readonly timeline: readonly TimelineRow[];
  readonly feed: readonly FeedRow[];
  readonly calls: readonly CallRow[];
  /** In the order of each journal. */
  readonly endings: readonly EndingEvent[];
  readonly usage: readonly UsageRow[];
  readonly configChanges: readonly Row<ConfigChangesTable>[];
  readonly parkedInputs: readonly ParkedInputRow[];
  readonly parkedSettlements: readonly ParkedSettlementRow[];
}

export function projectedRows(messages: readonly ReadMessage[]): ProjectedRows {
  const recorded = messages.flatMap(recordedEvents);
  return {
    events: recorded.map(eventRow),
    timeline: [...recorded.flatMap(timelineRows), ...messages.flatMap(noteRows)],
    feed: recorded.flatMap(feedRows),
    calls: callRows(recorded),
    endings: recorded.map(({ event }) => event).filter(isEnding),
    usage: usageRows([...recorded.map(({ event }) => event), ...messages.flatMap(noted)]),
    configChanges: messages.flatMap(configChanges),
    parkedSettlements: recorded.flatMap(({ event }) => parkedSettlementRows(event)),
    parkedInputs: [...recorded.flatMap(parkedInputs), ...messages.flatMap(unreadable)],
  };
}

/** The readable events of a journal's message, each with its place. */
export function everyEvent({ source, seq, events }: ReadMessage): readonly RecordedEvent[] {
  if (source.kind !== 'journal') return [];
  const { journal, partition, stream } = source;
  return events.flatMap((event, index) =>
    isReadable(event) ? [{ journal, partition, stream, seq, index, event }] : [],
  );
}

/** Not those that only repeat older ones (rule 15). */
export const recordedEvents = (message: ReadMessage): readonly RecordedEvent[] =>
  everyEvent(message).filter(({ event }) => !isCarried(event));

function callRows(recorded: readonly RecordedEvent[]): readonly CallRow[] {
  const calls = new Map<string, CallRow>();
  for (const one of recorded) {
    const row = callRow(one);
    if (row === undefined) continue;
    const key = JSON.stringify([row.tenant, row.call_id]);
    calls.set(key, foldCallRow(calls.get(key), row));
  }
  return [...calls.values()];
}

/** What lies in NOTES. */
const noted = ({ source, events }: ReadMessage): readonly TollgateEvent[] =>
  source.kind === 'notes' ? events.filter(isReadable) : [];

const configChanges = ({ source, seq, events }: ReadMessage): readonly Row<ConfigChangesTable>[] =>
  source.kind === 'config' ? events.filter(isReadable).map((event) => configChangeRow(seq, event)) : [];

const parkedInputs = (recorded: RecordedEvent): readonly ParkedInputRow[] =>
  recorded.event.type === 'input-parked' ? [parkedByStage({ ...recorded, event: recorded.event })] : [];

const unreadable = (message: ReadMessage): readonly ParkedInputRow[] =>
  message.events.flatMap((event, index) => (isReadable(event) ? [] : [parkedByAudit(message, index, event)]));
