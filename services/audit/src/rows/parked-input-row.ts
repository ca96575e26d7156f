import type { EventDecodeError, TollgateEvent } from '@tollgate/events';
import { NO_TENANT } from '@tollgate/events';
import type { ParkedInputsTable } from '@tollgate/store';
import type { ReadMessage } from '../reading/read-message.js';
import type { RecordedEvent } from './recorded-event.js';
import { isoTime, type Row } from './row.js';

export type ParkedInputRow = Row<ParkedInputsTable>;

/** An input that a stage has parked. */
export function parkedByStage({
  journal,
  event,
}: RecordedEvent<Extract<TollgateEvent, { type: 'input-parked' }>>): ParkedInputRow {
  const { source, stream, seq, index, code, inputType, callId } = event.data;
  return {
    stage: journal,
    stream,
    seq,
    idx: index,
    tenant: event.tenant,
    source,
    code,
    input_type: inputType ?? null,
    call_id: callId ?? null,
    at: isoTime(event.at),
  };
}

/** An event that audit itself cannot read: it is listed, and passed by. */
export const parkedByAudit = (
  { source, seq, stampMs }: ReadMessage,
  index: number,
  error: EventDecodeError,
): ParkedInputRow => ({
  stage: 'audit',
  stream: source.stream,
  seq,
  idx: index,
  tenant: NO_TENANT,
  source: source.name,
  code: error.code,
  input_type: error.inputType ?? null,
  call_id: null,
  at: isoTime(stampMs),
});
