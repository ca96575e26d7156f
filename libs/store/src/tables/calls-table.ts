import type { Decision, FailureCode, Reason, Risk } from '@tollgate/events';

/** One row per call as it stands now. A row with `ended_id` is a log row (contract section 5). Partitioned by `requested_id`. */
export interface CallsTable {
  tenant: string;
  call_id: string;
  run_id: string;
  agent: string;
  tool: string;
  key_id: string;
  args_hash: string;
  decision: Decision | 'in_progress';
  policy_reason: Reason | 'in_progress';
  risk_level: Risk;
  spend_micros: number;
  policy_version: number | null;
  /** Why its policy, which only observes, would have blocked it. */
  would_block: Reason | null;
  requested_id: number;
  requested_at: Date;
  /** Event id and time of the ending; `resolved` does not move them. */
  ended_id: number | null;
  ended_at: Date | null;
  /** Nobody knows yet whether the tool did it; an operator may resolve it. */
  in_doubt: boolean;
  resolved_id: number | null;
  resolved_at: Date | null;
  /** Id of the API key of the operator; null when the tool itself answered late. */
  resolved_by: string | null;
  /** The event that carries the result, if there is one (see ResultPlace). */
  result_stream: string | null;
  result_seq: number | null;
  result_index: number | null;
  result_call_id: string | null;
  error_code: FailureCode | null;
  error_status: number | null;
  cap_limit: number | null;
  cap_remaining: number | null;
  cap_retry_after_sec: number | null;
  original_call_id: string | null;
  attempt: number | null;
  http_status: number | null;
}
