import type { EndingEvent } from '@tollgate/events';
import { logRow, type LogRow } from '@tollgate/store';
import { callRow } from '../rows/call-row.js';
import type { RecordedEvent } from '../rows/recorded-event.js';

/** A terminal decision for subscribers: CloudEvents 1.0, structured JSON (contract section 10). */
export interface DecisionCloudEvent {
  readonly specversion: '1.0';
  /** The event's id. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly traceparent?: string;
  readonly data: LogRow;
}

export function cloudEventOf(recorded: RecordedEvent<EndingEvent>): DecisionCloudEvent {
  const { event } = recorded;
  const row = callRow(recorded);
  if (typeof row?.ended_at !== 'string') throw new Error('an ending makes an ended row');
  return {
    specversion: '1.0',
    id: String(event.id),
    source: `/tollgate/${encodeURIComponent(event.tenant)}`,
    type: `tollgate.decision.${event.data.outcome.decision}`,
    time: row.ended_at,
    datacontenttype: 'application/json',
    ...(event.trace === undefined ? {} : { traceparent: event.trace }),
    data: logRow(row, event.at),
  };
}
