import {
  executed,
  reconcileAnswered,
  resolved,
  type DataOf,
  type Draft,
  type Payload,
  type ToolDocument,
} from '@tollgate/events';
import { backoffMs, chanceOf, inTime } from './backoff.js';
import { lastAttemptNumber, openAttempts, type DispatchedCall, type DispatchState } from './dispatch.state.js';
import { endCall, executedEnding, failedEnding } from './end-call.js';
import { plannedQuestion } from './plan-question.js';

/** What a tool's `reconcile_url` says about a call; whatever is not a clear word of the tool is `unknown`. */
export type ReconcileWord =
  | { readonly says: 'executed'; readonly httpStatus: number; readonly result: Payload }
  | { readonly says: 'not_executed'; readonly httpStatus: number }
  | { readonly says: 'unknown'; readonly httpStatus: number | null; readonly retryAfterMs?: number };

/** Which question was answered: its number behind the attempt that was the last one then. */
export interface Question {
  readonly callId: string;
  readonly attempt: number;
  readonly question: number;
}

/**
 * What becomes of a call whose tool was asked. `executed` ends it, `not_executed` makes what was unknown definite, so that
 * it is tried again or has failed; anything else is asked again, and then held (contract section 6, rule 7).
 */
export function decideReconciled(
  state: DispatchState,
  asked: Question,
  word: ReconcileWord,
  tool: (call: DispatchedCall) => ToolDocument | undefined,
  now: number,
): readonly Draft[] {
  const call = state.calls.get(asked.callId);
  if (call === undefined || !isOpen(call, asked)) return [];
  const late = call.phase.is === 'in-doubt';
  switch (word.says) {
    case 'executed': {
      const ending = executedEnding(call, { attempt: asked.attempt, result: word.result });
      return [answered(call, asked, word), (late ? resolved : executed).draft(call.tenant, ending, call.trace)];
    }
    case 'not_executed':
      return late ? resolvedAsFailed(call, asked, word) : notExecuted(call, asked, word, tool(call), now);
    case 'unknown': {
      if (late) return [];
      const next =
        plannedQuestion(call, tool(call), now, word.retryAfterMs) ??
        endCall(call, unknownEnd(call), tool(call)?.onUnknown ?? 'hold', now);
      return [answered(call, asked, word), next];
    }
  }
}

/** An answer counts while nothing else is known: until another attempt begins, and also when the call is in doubt by then. */
export const isOpen = (call: DispatchedCall, { attempt, question }: Question): boolean =>
  (call.phase.is === 'asking' || call.phase.is === 'in-doubt') &&
  attempt === lastAttemptNumber(call) &&
  question === call.questions;

function notExecuted(
  call: DispatchedCall,
  asked: Question,
  word: ReconcileWord,
  tool: ToolDocument | undefined,
  now: number,
): readonly Draft[] {
  const retryAt = tool === undefined || call.tries > tool.maxRetries ? undefined : nextTry(call, asked.attempt, now);
  if (retryAt !== undefined) return [answered(call, asked, word, retryAt)];
  return [answered(call, asked, word), endCall(definite(call), unknownEnd(call), tool?.onUnknown ?? 'hold', now)];
}

/** Once in doubt a call can only be resolved, as failed where that leaves no attempt unknown or open (rule 6). */
function resolvedAsFailed(call: DispatchedCall, asked: Question, word: ReconcileWord): readonly Draft[] {
  if (openAttempts(call).length > 0) return [];
  const { code, status } = unknownEnd(call);
  return [
    answered(call, asked, word),
    resolved.draft(call.tenant, failedEnding(call, code, status, asked.attempt), call.trace),
  ];
}

const nextTry = (call: DispatchedCall, attempt: number, now: number): number | undefined =>
  inTime(call, now + backoffMs(attempt, chanceOf(call.leased.call.callId, attempt)));

/** The call is answered why it was unknown: what came behind it says only that nothing was done. */
function unknownEnd({ attempts }: DispatchedCall) {
  const { code, status } = attempts.findLast(({ known }) => known === 'unknown')?.why ?? {
    code: 'connection_lost' as const,
    status: null,
  };
  return { why: 'failed' as const, code, status };
}

/** The call as it will be once `not_executed` is folded. */
const definite = (call: DispatchedCall): DispatchedCall => ({
  ...call,
  attempts: call.attempts.map((one) => (one.known === 'unknown' ? { ...one, known: 'not_executed' } : one)),
});

function answered(call: DispatchedCall, asked: Question, { says, httpStatus }: ReconcileWord, retryAt?: number): Draft {
  const { attempt, question } = asked;
  const data: DataOf<typeof reconcileAnswered> = { call: call.leased.call, attempt, question, says, httpStatus };
  return reconcileAnswered.draft(call.tenant, retryAt === undefined ? data : { ...data, retryAt }, call.trace);
}
