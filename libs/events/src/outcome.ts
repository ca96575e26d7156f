import { z } from 'zod';
import { payload } from './sealed.js';

/** Everything a call can be answered (contract section 3.1), with its risk. One line per reason. */
export const RISK_OF_REASON = {
  ok: 'low',
  tool_idempotency: 'low',
  tool_not_in_allowed_list: 'medium',
  tool_explicitly_blocked: 'medium',
  agent_disabled: 'critical',
  max_actions_per_hour_exceeded: 'critical',
  max_calls_per_tool_exceeded: 'high',
  max_spend_usd_per_day_exceeded: 'critical',
  payment_required: 'medium',
  tool_error: 'medium',
  outcome_unknown: 'high',
  tool_not_found: 'medium',
  tool_disabled: 'medium',
  idempotency_key_reused: 'medium',
  invalid_api_key: 'medium',
} as const;

export type Reason = keyof typeof RISK_OF_REASON;
export type Risk = (typeof RISK_OF_REASON)[Reason];
export const REASONS = Object.keys(RISK_OF_REASON) as [Reason, ...Reason[]];

export const DECISIONS = ['executed', 'dedup', 'blocked', 'failed'] as const;
export type Decision = (typeof DECISIONS)[number];

/** The codes of `result.error` of a failed call (contract section 3.1). */
export const FAILURE_CODES = [
  'tool_error',
  'refused',
  'connect_failed',
  'address_refused',
  'tls_failed',
  'timeout',
  'connection_lost',
  'server_error',
  'expired',
  'internal_error',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** How a call ended, the same shape for every ending, so that answers, log rows and rollups are made in one way. */
export const outcome = z.object({
  decision: z.enum(DECISIONS),
  reason: z.enum(REASONS),
  /** Micro-dollars that this call costs its agent's budget: 0 for blocks, repeats and what was given back. */
  spend: z.number().int(),
  result: payload.optional(),
  error: z.object({ code: z.enum(FAILURE_CODES), status: z.number().int().nullable() }).optional(),
  /** Of a block by a cap; limit and remaining in the cap's unit: actions, calls, or micro-dollars. */
  cap: z.object({ limit: z.number(), remaining: z.number(), retryAfterSec: z.number().int().nullable() }).optional(),
  /** Of a block for want of credits (contract section 9). */
  credits: z.object({ plan: z.string(), usage: z.number().int(), limit: z.number().int() }).optional(),
  originalCallId: z.string().optional(),
  attempt: z.number().int().optional(),
  httpStatus: z.number().int().nullable().optional(),
});
export type Outcome = z.output<typeof outcome>;

export const blockedOutcome = (reason: Reason, cap?: Outcome['cap']): Outcome => ({
  decision: 'blocked',
  reason,
  spend: 0,
  ...(cap === undefined ? {} : { cap }),
});

export const failedOutcome = (code: FailureCode, status: number | null = null): Outcome => ({
  decision: 'failed',
  reason: 'tool_error',
  spend: 0,
  error: { code, status },
});

/** A call answered with 404, 409 or 403: logged and timed as `failed` with that word (contract section 3.1). */
export const refusedOutcome = (
  reason: 'tool_not_found' | 'tool_disabled' | 'idempotency_key_reused' | 'invalid_api_key',
): Outcome => ({ decision: 'failed', reason, spend: 0 });

export const unknownOutcome = (code: FailureCode, status: number | null, spend: number): Outcome => ({
  decision: 'failed',
  reason: 'outcome_unknown',
  spend,
  error: { code, status },
});
