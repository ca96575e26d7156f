import { noteId, type DataOf, type notePosted } from '@tollgate/events';
import { isReadable, type ReadMessage } from '../reading/read-message.js';
import { isoTime } from './row.js';
import type { TimelineRow } from './timeline-rows.js';

/** What clients put on timelines themselves: rows there, and nothing else anywhere (contract section 8). */
export function noteRows({ source, seq, stampMs, events }: ReadMessage): readonly TimelineRow[] {
  if (source.kind !== 'notes') return [];
  return events.flatMap((event) =>
    isReadable(event) && event.type === 'note-posted'
      ? [{ id: noteId(stampMs, seq, source.partition), tenant: event.tenant, ...noteColumns(event.data, stampMs) }]
      : [],
  );
}

const noteColumns = (note: DataOf<typeof notePosted>, stampMs: number) => ({
  run_id: note.runId,
  call_id: null,
  ts: isoTime(note.at ?? stampMs),
  type: note.type,
  status: note.status ?? null,
  duration_ms: note.durationMs ?? null,
  step: note.step ?? null,
  tool: note.tool ?? null,
  req_id: note.reqId ?? null,
  lease_id: note.leaseId ?? null,
  agent_id: note.agent ?? null,
  message: note.message ?? null,
  data: note.data ?? null,
  source: 'client' as const,
});
