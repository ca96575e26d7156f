import type { TollgateEvent } from '@tollgate/events';
import type { EventsTable } from '@tollgate/store';
import { clearData } from './clear-data.js';
import type { RecordedEvent } from './recorded-event.js';
import { isoTime, type Row } from './row.js';

export function eventRow({ journal, partition, seq, index, event }: RecordedEvent): Row<EventsTable> {
  return {
    id: event.id,
    journal,
    partition,
    seq,
    idx: index,
    type: event.type,
    at: isoTime(event.at),
    tenant: event.tenant,
    ...subjectOf(event),
    data: clearData(event),
    trace_id: event.trace?.split('-')[1] ?? null,
  };
}

type Subject = Pick<EventsTable, 'call_id' | 'run_id' | 'agent' | 'tool'>;

function subjectOf({ data }: TollgateEvent): Subject {
  if ('call' in data) {
    return { call_id: data.call.callId, run_id: data.call.runId, agent: data.call.agent, tool: data.call.tool };
  }
  return { call_id: 'callId' in data ? (data.callId ?? null) : null, run_id: null, agent: null, tool: null };
}
