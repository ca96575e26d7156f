import { usdFromMicros, wouldBlockMember, type WouldBlock } from '@tollgate/events';
import type { CallsTable } from './tables/index.js';

/** A row of `GET /agents/{id}/logs` (contract section 5), and the data of a decision for subscribers (section 10). */
export interface LogRow {
  /** Epoch seconds of the ending. */
  readonly ts: number;
  readonly agent_id: string;
  readonly tool: string;
  readonly allowed: boolean;
  readonly decision: string;
  readonly policy_reason: string;
  readonly risk_level: string;
  readonly args_hash: string;
  readonly spend_usd: number;
  readonly call_id: string;
  readonly run_id: string;
  readonly policy_version: number | null;
  /** Absent where nothing would have. */
  readonly would_block?: WouldBlock;
}

type LoggedColumns = Pick<
  CallsTable,
  | 'agent'
  | 'tool'
  | 'decision'
  | 'policy_reason'
  | 'risk_level'
  | 'args_hash'
  | 'spend_micros'
  | 'call_id'
  | 'run_id'
  | 'policy_version'
  | 'would_block'
>;

export const logRow = (call: LoggedColumns, endedAtMs: number): LogRow => ({
  ts: Math.floor(endedAtMs / 1_000),
  agent_id: call.agent,
  tool: call.tool,
  allowed: call.decision !== 'blocked',
  decision: call.decision,
  policy_reason: call.policy_reason,
  risk_level: call.risk_level,
  args_hash: call.args_hash,
  spend_usd: call.decision === 'blocked' ? 0 : usdFromMicros(call.spend_micros),
  call_id: call.call_id,
  run_id: call.run_id,
  policy_version: call.policy_version,
  ...wouldBlockMember(call.would_block),
});
