import {
  RISK_OF_REASON,
  usdFromMicros,
  wouldBlockMember,
  type CallHeader,
  type Outcome,
  type Reason,
  type Risk,
  type WouldBlock,
} from '@tollgate/events';
import type { Json, JsonObject } from '../http/json-reader.js';

/** What of a call its answers show. */
export type AnsweredCall = Pick<CallHeader, 'callId' | 'runId' | 'argsHash' | 'wouldBlock'>;

/** The 200 of contract 3.1, also as `GET /calls/{call_id}` shows it. */
export interface CallAnswer {
  readonly ok: boolean;
  readonly allowed: boolean;
  readonly decision: Outcome['decision'] | 'in_progress' | 'dry_run';
  readonly policy_reason: Reason | 'in_progress';
  readonly risk_level: Risk;
  readonly result?: Json;
  readonly call_id: string;
  readonly run_id: string;
  readonly args_hash: string;
  readonly spend_usd: number;
  readonly original_call_id?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly retry_after_sec?: number | null;
  /** What a policy that only observes would have decided. */
  readonly would_block?: WouldBlock;
}

/** @param result of an executed or repeated call; undefined once it is past its retention */
export function answerOf(call: AnsweredCall, outcome: Omit<Outcome, 'result'>, result: Json | undefined): CallAnswer {
  const { decision, reason, spend, originalCallId } = outcome;
  const shown = decision === 'blocked' ? undefined : decision === 'failed' ? failureOf(outcome) : wrapped(result);
  return {
    ok: decision !== 'failed',
    allowed: decision !== 'blocked',
    decision,
    policy_reason: reason,
    risk_level: RISK_OF_REASON[reason],
    ...(shown === undefined ? {} : { result: shown }),
    call_id: call.callId,
    run_id: call.runId,
    args_hash: call.argsHash,
    spend_usd: usdFromMicros(spend),
    ...(originalCallId === undefined ? {} : { original_call_id: originalCallId }),
    ...capOf(outcome),
    ...wouldBlockMember(call.wouldBlock),
  };
}

export const inProgressAnswer = (call: AnsweredCall): CallAnswer => ({
  ok: true,
  allowed: true,
  decision: 'in_progress',
  policy_reason: 'in_progress',
  risk_level: 'low',
  call_id: call.callId,
  run_id: call.runId,
  args_hash: call.argsHash,
  spend_usd: 0,
});

/** Of a call that was only tried, and would pass; nobody knows of it afterwards. */
export const dryRunAnswer = (call: AnsweredCall, cost: number): CallAnswer => ({
  ok: true,
  allowed: true,
  decision: 'dry_run',
  policy_reason: 'ok',
  risk_level: 'low',
  call_id: call.callId,
  run_id: call.runId,
  args_hash: call.argsHash,
  spend_usd: usdFromMicros(cost),
  ...wouldBlockMember(call.wouldBlock),
});

/** Clients take a result for an object: any other JSON value is wrapped. */
export function wrapped(result: Json | undefined): JsonObject | undefined {
  if (result === undefined) return undefined;
  return typeof result === 'object' && result !== null && !Array.isArray(result) ? result : { value: result };
}

function failureOf({ error }: Omit<Outcome, 'result'>): JsonObject | undefined {
  return error === undefined ? undefined : { error: error.code, status: error.status };
}

/** A block by a cap says how far it was; money in dollars. */
function capOf({ reason, cap }: Omit<Outcome, 'result'>): Pick<CallAnswer, 'limit' | 'remaining' | 'retry_after_sec'> {
  if (cap === undefined) return {};
  const shown = reason === 'max_spend_usd_per_day_exceeded' ? usdFromMicros : (count: number) => count;
  return { limit: shown(cap.limit), remaining: shown(cap.remaining), retry_after_sec: cap.retryAfterSec };
}
