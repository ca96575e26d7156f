import { isEnding, RISK_OF_REASON, type CallHeader, type EndingEvent, type TollgateEvent } from '@tollgate/events';
import type { CallsTable } from '@tollgate/store';
import type { RecordedEvent } from './recorded-event.js';
import { isoTime, type Row } from './row.js';

export type CallRow = Row<CallsTable>;

/** What an event says about its call as it stands now; undefined when it changes nothing of it. */
export function callRow(recorded: RecordedEvent): CallRow | undefined {
  const { event } = recorded;
  if (isEnding(event)) return endedRow({ ...recorded, event });
  return event.type === 'policy-passed' ? startedRow(event) : undefined;
}

/** The row of a call after a later event. Journals are read independently: the ending may come before the beginning. */
export function foldCallRow(row: CallRow | undefined, later: CallRow): CallRow {
  if (row === undefined || row.ended_id === null) return later;
  if (later.resolved_id === null) return row;
  return { ...later, ended_id: row.ended_id, ended_at: row.ended_at };
}

function startedRow({ tenant, data }: Extract<TollgateEvent, { type: 'policy-passed' }>): CallRow {
  return {
    ...headerColumns(tenant, data.call),
    ...NOTHING_YET,
    decision: 'in_progress',
    policy_reason: 'in_progress',
    risk_level: 'low',
    spend_micros: data.terms.cost,
  };
}

function endedRow(recorded: RecordedEvent<EndingEvent>): CallRow {
  const { event } = recorded;
  const { call, outcome } = event.data;
  return {
    ...headerColumns(event.tenant, call),
    ...NOTHING_YET,
    decision: outcome.decision,
    policy_reason: outcome.reason,
    risk_level: RISK_OF_REASON[outcome.reason],
    spend_micros: outcome.spend,
    ended_id: event.id,
    ended_at: isoTime(event.at),
    in_doubt: event.type === 'in-doubt',
    ...resolutionColumns(event),
    ...resultColumns(recorded),
    error_code: outcome.error?.code ?? null,
    error_status: outcome.error?.status ?? null,
    cap_limit: outcome.cap?.limit ?? null,
    cap_remaining: outcome.cap?.remaining ?? null,
    cap_retry_after_sec: outcome.cap?.retryAfterSec ?? null,
    original_call_id: outcome.originalCallId ?? null,
    attempt: outcome.attempt ?? null,
    http_status: outcome.httpStatus ?? null,
  };
}

const NOTHING_YET = {
  ended_id: null,
  ended_at: null,
  in_doubt: false,
  resolved_id: null,
  resolved_at: null,
  resolved_by: null,
  result_stream: null,
  result_seq: null,
  result_index: null,
  result_call_id: null,
  error_code: null,
  error_status: null,
  cap_limit: null,
  cap_remaining: null,
  cap_retry_after_sec: null,
  original_call_id: null,
  attempt: null,
  http_status: null,
} satisfies Partial<CallRow>;

const headerColumns = (tenant: string, call: CallHeader) => ({
  tenant,
  call_id: call.callId,
  run_id: call.runId,
  agent: call.agent,
  tool: call.tool,
  key_id: call.keyId,
  args_hash: call.argsHash,
  policy_version: call.policyVersion ?? null,
  would_block: call.wouldBlock ?? null,
  requested_id: call.requestedId,
  requested_at: isoTime(call.requestedAt),
});

const resolutionColumns = (event: EndingEvent) =>
  event.type === 'resolved'
    ? { resolved_id: event.id, resolved_at: isoTime(event.at), resolved_by: event.data.by ?? null }
    : {};

function resultColumns({ event, stream, seq, index }: RecordedEvent<EndingEvent>) {
  const { result } = event.data.outcome;
  if (result === undefined) return {};
  return { result_stream: stream, result_seq: seq, result_index: index, result_call_id: result.callId };
}
