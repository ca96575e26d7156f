import { isEnding, type EndingEvent } from '@tollgate/events';
import type { FeedTable, FeedType } from '@tollgate/store';
import type { RecordedEvent } from './recorded-event.js';
import { isoTime, type Row } from './row.js';

export type FeedRow = Row<FeedTable>;

/**
 * What `GET /events` lists of an event (contract section 8): one row at most, under the event's own id, or followers
 * would pass by what still comes (rule 16).
 */
export function feedRows({ event }: RecordedEvent): readonly FeedRow[] {
  if (isEnding(event)) return [endedRow(event)];
  return [];
}

function endedRow(event: EndingEvent): FeedRow {
  const { call, outcome } = event.data;
  return {
    ...NOTHING_KNOWN,
    id: event.id,
    tenant: event.tenant,
    ts: isoTime(event.at),
    type: `tool_${outcome.decision}` satisfies FeedType,
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
