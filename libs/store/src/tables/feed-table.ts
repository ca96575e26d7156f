/** The words of `GET /events` (contract section 8). */
export const FEED_TYPES = [
  'locked',
  'duplicate',
  'over_limit',
  'ai_acquired',
  'ai_in_progress',
  'ai_completed',
  'ai_failed',
  'ai_extended',
  'ai_canceled',
  'ai_over_limit',
  'tool_executed',
  'tool_blocked',
  'tool_dedup',
  'tool_failed',
] as const;
export type FeedType = (typeof FEED_TYPES)[number];

/** Rows of `GET /events`; partitioned by `id`, which is that of the event a row is made of: followers go by it (rule 16). */
export interface FeedTable {
  id: number;
  tenant: string;
  ts: Date;
  type: FeedType;
  /** Another one for each row of a tenant. */
  req_id: string;
  key: string | null;
  first_seen_at: Date | null;
  plan: string | null;
  usage: number | null;
  limit: number | null;
  charged: number | null;
  version: number | null;
  lease_id: string | null;
  done_at: Date | null;
  result_hash: string | null;
  error_code: string | null;
  agent_id: string | null;
  tool: string | null;
}
