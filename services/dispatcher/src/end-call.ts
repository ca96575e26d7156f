import {
  blocked,
  blockedOutcome,
  failed,
  failedOutcome,
  inDoubt,
  refusedOutcome,
  unknownOutcome,
  type Draft,
  type Ending,
  type FailureCode,
  type Outcome,
  type ToolDocument,
} from '@tollgate/events';
import { unknownAttempt, type DispatchedCall } from './dispatch.state.js';

/** An in-doubt call keeps its key for so long at most (rule 8). */
export const HOLD_MS = 30 * 24 * 3_600_000;

/** Why a call ends without having been executed. */
export type End =
  | { readonly why: 'failed'; readonly code: FailureCode; readonly status: number | null }
  | { readonly why: 'agent_disabled' }
  | { readonly why: 'tool_not_found' | 'tool_disabled' };

/** The call was done by this attempt; its answer is known by itself, or through a question to its tool. */
export const executedEnding = (
  { leased }: DispatchedCall,
  by: Required<Pick<Outcome, 'attempt' | 'result'>> & Pick<Outcome, 'httpStatus'>,
): Ending => ({
  call: leased.call,
  outcome: { decision: 'executed', reason: 'ok', spend: leased.terms.cost, ...by },
});

/** A call in doubt was not done after all. */
export const failedEnding = (
  { leased }: DispatchedCall,
  code: FailureCode,
  httpStatus: number | null,
  attempt: number,
): Ending => ({ call: leased.call, outcome: { ...failedOutcome(code, httpStatus), attempt, httpStatus } });

/** Unknown is never guessed: after an unknown attempt every such end is in doubt, save where the tool says `fail` (rule 7). */
export function endCall(call: DispatchedCall, end: End, onUnknown: OnUnknown, now: number): Draft {
  const { tenant, trace, leased } = call;
  const header = leased.call;
  const unknown = unknownAttempt(call);
  if (unknown !== undefined && onUnknown !== 'fail') {
    // The caller is told of what is unknown, not of what came behind it.
    const { code, status } = unknown.why ?? { code: 'connection_lost' as const, status: null };
    const outcome = { ...unknownOutcome(code, status, leased.terms.cost), ...attemptOf(call, status) };
    return inDoubt.draft(tenant, { call: header, outcome, heldUntil: now + HOLD_MS }, trace);
  }
  switch (end.why) {
    case 'failed': {
      const outcome = { ...failedOutcome(end.code, end.status), ...attemptOf(call, end.status) };
      return failed.draft(tenant, { call: header, outcome }, trace);
    }
    case 'agent_disabled':
      return blocked.draft(tenant, { call: header, outcome: blockedOutcome('agent_disabled') }, trace);
    case 'tool_not_found':
    case 'tool_disabled':
      return failed.draft(tenant, { call: header, outcome: refusedOutcome(end.why) }, trace);
  }
}

export type OnUnknown = ToolDocument['onUnknown'];

const attemptOf = (call: DispatchedCall, httpStatus: number | null) =>
  call.attempts.length === 0 ? {} : { attempt: call.attempts.length, httpStatus };
