import type { WouldBlock } from '@tollgate/events';

/** The words of a timeline (contract section 8): what frames a call, one row per decision of a stage between, and a job's end. */
export const TIMELINE_TYPES = [
  'run_started',
  'policy_decided',
  'lease_decided',
  'budget_decided',
  'dispatch_decided',
  'tool_call',
  'tool_result',
  'tool_reconciled',
  'run_finished',
  'run_resolved',
  'job_finished',
] as const;
export type TimelineType = (typeof TIMELINE_TYPES)[number];

/** `data` of a system's row, as far as known (contract section 8). */
export interface TimelineData {
  decision?: string;
  policy_reason?: string;
  risk_level?: string;
  spend_usd?: number;
  args_hash?: string;
  dispatch?: 'signed';
  attempt?: number;
  http_status?: number | null;
  would_block?: WouldBlock;
  /** Why a job failed. */
  error_code?: string;
}

/** Rows of `GET /runs/{run_id}`; read them through the view `run_timeline`, which knows the durations. Partitioned by `id`. */
export interface TimelineTable {
  id: number;
  tenant: string;
  run_id: string;
  call_id: string | null;
  ts: Date;
  type: string;
  status: string | null;
  /** Stored only where the writer knew it; a stage's time is the distance to the row before it (see `run_timeline`). */
  duration_ms: number | null;
  step: string | null;
  tool: string | null;
  req_id: string | null;
  lease_id: string | null;
  agent_id: string | null;
  message: string | null;
  data: unknown;
  source: 'system' | 'client';
}

/** View: the timeline with `duration_ms` of every row, from the row of the same call before it. Filter by tenant and run_id. */
export type RunTimelineView = TimelineTable;
