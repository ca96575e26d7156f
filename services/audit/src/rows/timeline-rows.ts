import {
  isEnding,
  RISK_OF_REASON,
  usdFromMicros,
  wouldBlockMember,
  type CallHeader,
  type EndingEvent,
  type JournalName,
  type TollgateEvent,
} from '@tollgate/events';
import type { TimelineData, TimelineTable, TimelineType } from '@tollgate/store';
import { jobRows } from './job-rows.js';
import type { RecordedEvent } from './recorded-event.js';
import { isoTime, type Row } from './row.js';

export type TimelineRow = Row<TimelineTable>;

/** What a run's timeline shows of an event (contract section 8): nothing of what only keeps the books. */
export function timelineRows(recorded: RecordedEvent): readonly TimelineRow[] {
  const { event } = recorded;
  if (isEnding(event)) return endingRows({ ...recorded, event });
  switch (event.type) {
    case 'policy-passed':
      return [startedRow(event.tenant, event.data.call), decidedRow(event, 'policy', 'passed', event.data.terms.cost)];
    case 'lease-acquired':
      return [decidedRow(event, 'lease', 'acquired')];
    case 'lease-waiting':
      return [decidedRow(event, 'lease', 'waiting')];
    case 'budget-reserved':
      return [decidedRow(event, 'budget', 'reserved', event.data.terms.cost)];
    case 'dispatch-queued':
      return [decidedRow(event, 'dispatch', 'queued')];
    case 'dispatch-started':
      return [toolCallRow(event)];
    case 'attempt-ended':
      return [toolResultRow(event)];
    case 'reconcile-answered':
      return [reconciledRow(event)];
    case 'task-completed':
    case 'task-failed':
    case 'task-canceled':
      return jobRows(event);
    default:
      return [];
  }
}

/**
 * A second row made of the same event: the low three bits of an id name its writer, of which 4 to 7 are nobody's, so
 * this id is unique, directly behind its event's, and the same after a rebuild.
 */
const idBehind = (id: number): number => id + 4;

function endingRows({ journal, event }: RecordedEvent<EndingEvent>): readonly TimelineRow[] {
  if (event.type === 'resolved') return [finishedRow(event, 'run_resolved', event.id)];
  const { call, outcome } = event.data;
  const started = journal === 'policy' ? [startedRow(event.tenant, call)] : [];
  // The rows of its attempts already say what dispatch did.
  const attempted = journal === 'dispatch' && outcome.attempt !== undefined;
  const decided = attempted ? [] : [decidedRow(event, journal, outcome.decision, outcome.spend, endingData(event))];
  return [...started, ...decided, finishedRow(event, 'run_finished', attempted ? event.id : idBehind(event.id))];
}

const startedRow = (tenant: string, call: CallHeader): TimelineRow => ({
  ...baseRow(tenant, call),
  id: call.requestedId,
  ts: isoTime(call.requestedAt),
  type: 'run_started' satisfies TimelineType,
  status: 'started',
  step: 'gateway',
  data: { args_hash: call.argsHash } satisfies TimelineData,
});

function finishedRow(event: EndingEvent, type: 'run_finished' | 'run_resolved', id: number): TimelineRow {
  const status = event.data.outcome.decision;
  const message = event.type === 'resolved' ? (event.data.note ?? null) : null;
  return { ...rowOf(event, event.data.call), id, type, status, message, data: endingData(event) };
}

type CallEvent = Extract<TollgateEvent, { data: { call: CallHeader } }>;

function decidedRow(
  event: CallEvent,
  stage: JournalName,
  status: string,
  spend?: number,
  data?: TimelineData,
): TimelineRow {
  const type: TimelineType = `${stage}_decided`;
  const own: TimelineData =
    spend === undefined ? {} : { spend_usd: usdFromMicros(spend), ...wouldBlockMember(event.data.call.wouldBlock) };
  return { ...rowOf(event, event.data.call), type, status, step: stage, data: data ?? own };
}

const toolCallRow = (event: Extract<TollgateEvent, { type: 'dispatch-started' }>): TimelineRow => ({
  ...rowOf(event, event.data.call),
  type: 'tool_call' satisfies TimelineType,
  status: 'started',
  step: 'dispatch',
  data: { dispatch: 'signed', attempt: event.data.attempt } satisfies TimelineData,
});

function toolResultRow(event: Extract<TollgateEvent, { type: 'attempt-ended' }>): TimelineRow {
  const { call, attempt, known, httpStatus } = event.data;
  return {
    ...rowOf(event, call),
    type: 'tool_result' satisfies TimelineType,
    status: known,
    step: 'dispatch',
    data: { attempt, http_status: httpStatus } satisfies TimelineData,
  };
}

function reconciledRow(event: Extract<TollgateEvent, { type: 'reconcile-answered' }>): TimelineRow {
  const { call, attempt, says, httpStatus } = event.data;
  return {
    ...rowOf(event, call),
    type: 'tool_reconciled' satisfies TimelineType,
    status: says,
    step: 'dispatch',
    data: { attempt, http_status: httpStatus } satisfies TimelineData,
  };
}

function endingData({ data: { call, outcome } }: EndingEvent): TimelineData {
  return {
    decision: outcome.decision,
    policy_reason: outcome.reason,
    risk_level: RISK_OF_REASON[outcome.reason],
    spend_usd: usdFromMicros(outcome.spend),
    args_hash: call.argsHash,
    ...wouldBlockMember(call.wouldBlock),
    ...(outcome.attempt === undefined ? {} : { dispatch: 'signed', attempt: outcome.attempt }),
    ...(outcome.httpStatus === undefined ? {} : { http_status: outcome.httpStatus }),
  };
}

const rowOf = (event: CallEvent, call: CallHeader) => ({
  ...baseRow(event.tenant, call),
  id: event.id,
  ts: isoTime(event.at),
});

const baseRow = (tenant: string, call: CallHeader) => ({
  tenant,
  run_id: call.runId,
  call_id: call.callId,
  duration_ms: null,
  step: null,
  tool: call.tool,
  req_id: null,
  lease_id: null,
  agent_id: call.agent,
  message: null,
  source: 'system' as const,
});
