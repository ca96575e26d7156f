import { usdFromMicros, wouldBlockMember, type Outcome, type Payload } from '@tollgate/events';
import type { CallsTable } from '@tollgate/store';
import type { Json } from '../http/json-reader.js';
import { answerOf, inProgressAnswer, type AnsweredCall, type CallAnswer } from '../run/call-answer.js';
import { placed, type EndedCall } from '../run/ended-call.js';

/** A row of the record as an answer: the same shape as the answer of the call itself. */
export function rowAnswer(row: CallsTable, result: Json | undefined): CallAnswer {
  const ended = endedByRow(row);
  return ended === undefined ? inProgressAnswer(callOf(row)) : answerOf(ended.call, ended.outcome, result);
}

/** Undefined while the call runs. */
export function endedByRow(row: CallsTable): EndedCall | undefined {
  const outcome = outcomeOf(row);
  return outcome && { call: callOf(row), outcome, result: resultOf(row), resolved: row.resolved_id !== null };
}

/** Where the result of a row lies; undefined when it has none. */
export function resultOf(row: CallsTable): Payload | undefined {
  const { result_stream, result_seq, result_index, result_call_id } = row;
  if (result_stream === null || result_seq === null || result_index === null || result_call_id === null)
    return undefined;
  return placed({ stream: result_stream, seq: result_seq, index: result_index, callId: result_call_id });
}

/** A row of `GET /calls`: the answer without its result, and what it was about. */
export function listedCall(row: CallsTable) {
  const { call_id, run_id, ...answer } = rowAnswer(row, undefined);
  return {
    call_id,
    run_id,
    agent_id: row.agent,
    tool: row.tool,
    requested_at: row.requested_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    in_doubt: row.in_doubt,
    ...answer,
  };
}

/** A log row (contract section 5); `ts` in whole seconds. */
export const logRow = (row: CallsTable) => ({
  ts: Math.floor((row.ended_at?.getTime() ?? 0) / 1000),
  agent_id: row.agent,
  tool: row.tool,
  allowed: row.decision !== 'blocked',
  decision: row.decision,
  policy_reason: row.policy_reason,
  risk_level: row.risk_level,
  args_hash: row.args_hash,
  spend_usd: usdFromMicros(row.spend_micros),
  call_id: row.call_id,
  run_id: row.run_id,
  policy_version: row.policy_version,
  ...wouldBlockMember(row.would_block),
});

const callOf = (row: CallsTable): AnsweredCall => ({
  callId: row.call_id,
  runId: row.run_id,
  argsHash: row.args_hash,
  ...(row.would_block === null ? {} : { wouldBlock: row.would_block }),
});

function outcomeOf(row: CallsTable): Omit<Outcome, 'result'> | undefined {
  const { decision, policy_reason: reason } = row;
  if (decision === 'in_progress' || reason === 'in_progress') return undefined;
  return {
    decision,
    reason,
    spend: row.spend_micros,
    ...(row.error_code === null ? {} : { error: { code: row.error_code, status: row.error_status } }),
    ...(row.cap_limit === null || row.cap_remaining === null
      ? {}
      : { cap: { limit: row.cap_limit, remaining: row.cap_remaining, retryAfterSec: row.cap_retry_after_sec } }),
    ...(row.original_call_id === null ? {} : { originalCallId: row.original_call_id }),
  };
}
