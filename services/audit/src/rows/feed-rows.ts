import { isEnding, type EndingEvent, type TollgateEvent } from '@tollgate/events';
import type { FeedTable, FeedType } from '@tollgate/store';
import { shownLeaseId } from './clear-task.js';
import { isHeldByAnother } from './held-by-another.js';
import type { RecordedEvent } from './recorded-event.js';
import { isoTime, type Row } from './row.js';

export type FeedRow = Row<FeedTable>;

/**
 * What `GET /events` lists of an event (contract section 8): one row at most, under the event's own id, or followers
 * would pass by what still comes (rule 16).
 */
export function feedRows({ event }: RecordedEvent): readonly FeedRow[] {
  const row = isEnding(event) ? endedRow(event) : leaseRow(event);
  return row === undefined ? [] : [row];
}

function endedRow(event: EndingEvent): FeedRow {
  const { call, outcome } = event.data;
  return {
    ...baseRow(event, `tool_${outcome.decision}`),
    // A call ends once, and may be resolved once.
    req_id: event.type === 'resolved' ? `${call.callId}:resolved` : call.callId,
    done_at: isoTime(event.at),
    error_code: errorCodeOf(event),
    agent_id: call.agent,
    tool: call.tool,
  };
}

/** Why it did not run; null where it did. */
function errorCodeOf({ data: { outcome } }: EndingEvent): string | null {
  if (outcome.decision === 'executed' || outcome.decision === 'dedup') return null;
  return outcome.error?.code ?? outcome.reason;
}

/** What locks and tasks add; a repeat that changes nothing adds nothing, nor does a first answer that is given again. */
function leaseRow(event: TollgateEvent): FeedRow | undefined {
  switch (event.type) {
    case 'lock-taken':
      return event.data.again === true ? undefined : row(event, 'locked');
    case 'lock-repeated':
      return row(event, 'duplicate');
    case 'command-refused':
      if (event.data.why !== 'payment_required') return undefined;
      return row(event, event.data.does === 'lock' ? 'over_limit' : 'ai_over_limit');
    case 'task-acquired':
      return row(event, 'ai_acquired');
    case 'task-polled':
      return isHeldByAnother(event.data) ? row(event, 'ai_in_progress') : undefined;
    case 'task-extended':
      return row(event, 'ai_extended');
    case 'task-completed':
      return row(event, 'ai_completed');
    case 'task-failed':
    case 'task-expired':
      return row(event, 'ai_failed');
    case 'task-canceled':
      return row(event, 'ai_canceled');
    default:
      return undefined;
  }
}

function row(event: TollgateEvent, type: FeedType): FeedRow {
  const { data, id } = event;
  return {
    ...baseRow(event, type),
    // What nobody asked for, an expiry or the end of a job, happens once under its event's id.
    req_id: 'reply' in data && data.reply !== undefined ? data.reply.commandId : `evt_${id}`,
    ...(event.type === 'command-refused' ? { key: event.data.key } : {}),
    ...('lock' in data ? { key: data.lock.key, first_seen_at: isoTime(data.lock.firstSeenAt) } : {}),
    ...('credits' in data && data.credits !== undefined ? data.credits : {}),
    ...('task' in data ? taskColumns(data.task) : {}),
  };
}

type Task = Extract<TollgateEvent, { type: 'task-acquired' }>['data']['task'];

function taskColumns(task: Task): Partial<FeedRow> {
  const { state } = task;
  return {
    key: task.key,
    first_seen_at: isoTime(task.firstSeenAt),
    version: task.version,
    lease_id: shownLeaseId(task) ?? null,
    done_at: state.is === 'in_progress' ? null : isoTime(state.at),
    result_hash: state.is === 'completed' ? (state.resultHash ?? null) : null,
    error_code: errorCodeOfTask(task),
  };
}

function errorCodeOfTask({ state }: Task): string | null {
  if (state.is === 'failed') return state.errorCode;
  if (state.is === 'expired') return 'timeout';
  return state.is === 'canceled' ? 'canceled' : null;
}

const baseRow = ({ id, tenant, at }: TollgateEvent, type: FeedType) => ({
  ...NOTHING_KNOWN,
  id,
  tenant,
  ts: isoTime(at),
  type,
});

const NOTHING_KNOWN = {
  key: null,
  first_seen_at: null,
  plan: null,
  usage: null,
  limit: null,
  charged: null,
  version: null,
  lease_id: null,
  done_at: null,
  result_hash: null,
  error_code: null,
  agent_id: null,
  tool: null,
} satisfies Partial<FeedRow>;
