import {
  attemptEnded,
  executed,
  resolved,
  type answerHandedOver,
  type AttemptAnswer,
  type DataOf,
  type Draft,
  type FailureCode,
  type ToolDocument,
} from '@tollgate/events';
import { backoffMs, chanceOf } from './backoff.js';
import { isUnknown, openAttempts, type Attempt, type DispatchedCall, type DispatchState } from './dispatch.state.js';
import { endCall } from './end-call.js';

/** From the first attempt to the last (contract section 6). */
const ALL_ATTEMPTS_MS = 600_000;

/** What became of an attempt: the call ends, is tried again, or waits for another open attempt. */
export function decideAnswer(
  state: DispatchState,
  callId: string,
  number: number,
  answer: AttemptAnswer,
  tool: (call: DispatchedCall) => ToolDocument | undefined,
  now: number,
): readonly Draft[] {
  const call = state.calls.get(callId);
  if (call === undefined) return [];
  const attempt = call.attempts.find((one) => one.number === number);
  // A second word about an attempt counts only where the first was "unknown".
  if (attempt !== undefined && attempt.known !== 'open' && attempt.known !== 'unknown') return [];
  if (attempt?.known === 'unknown' && answer.known === 'unknown') return [];
  if (call.phase.is === 'in-doubt') return lateAnswer(call, number, answer);
  return answerInTime(call, number, answer, tool(call), now);
}

/** The word of an owner that was shut out: only about an attempt that its own journal says it began. */
export function decideHandedOver(
  state: DispatchState,
  { callId, epoch, attempt, answer }: DataOf<typeof answerHandedOver>,
  tool: (call: DispatchedCall) => ToolDocument | undefined,
  now: number,
): readonly Draft[] {
  const began = state.calls.get(callId)?.attempts.some((one) => one.number === attempt && one.epoch === epoch);
  return began === true ? decideAnswer(state, callId, attempt, answer, tool, now) : [];
}

function answerInTime(
  call: DispatchedCall,
  number: number,
  answer: AttemptAnswer,
  tool: ToolDocument | undefined,
  now: number,
): readonly Draft[] {
  // `executed` for any attempt ends the call at once, also while another is open (rule 7).
  if (answer.known === 'executed') {
    return [ended(call, number, answer), executed.draft(call.tenant, executedEnding(call, number, answer), call.trace)];
  }
  const others = openAttempts(call).filter((one) => one.number !== number);
  if (others.length > 0) return [ended(call, number, answer)];
  const after = withAnswer(call, number, answer);
  const earlier = call.phase.is === 'resting' && call.attempts.some((one) => one.number === number);
  // What the tool itself says late is its last word, unless another attempt is unknown; anything else is tried again anyway.
  if (earlier && (answer.known !== 'tool_error' || isUnknown(after))) return [ended(call, number, answer)];
  const retryAt = retryTime(call, number, answer, tool, now);
  if (retryAt !== undefined) return [ended(call, number, answer, retryAt)];
  const onUnknown = tool?.onUnknown ?? 'hold';
  return [ended(call, number, answer), endCall(after, { why: 'failed', ...codeOf(answer) }, onUnknown, now)];
}

/** Once in doubt a call can only be resolved: as executed, or as failed where that leaves no attempt unknown (rule 6). */
function lateAnswer(call: DispatchedCall, number: number, answer: AttemptAnswer): readonly Draft[] {
  if (answer.known === 'executed') {
    return [ended(call, number, answer), resolved.draft(call.tenant, executedEnding(call, number, answer), call.trace)];
  }
  const after = withAnswer(call, number, answer);
  if (isUnknown(after) || openAttempts(after).length > 0) return [ended(call, number, answer)];
  const { code, status } = codeOf(answer);
  const outcome = {
    decision: 'failed',
    reason: 'tool_error',
    spend: 0,
    error: { code, status },
    attempt: number,
  } as const;
  return [
    ended(call, number, answer),
    resolved.draft(call.tenant, { call: call.leased.call, outcome: { ...outcome, httpStatus: status } }, call.trace),
  ];
}

function executedEnding(call: DispatchedCall, attempt: number, answer: Extract<AttemptAnswer, { known: 'executed' }>) {
  const { httpStatus, result } = answer;
  const spend = call.leased.terms.cost;
  return {
    call: call.leased.call,
    outcome: { decision: 'executed' as const, reason: 'ok' as const, spend, result, attempt, httpStatus },
  };
}

/** What was not sent or was refused is tried again, what is unknown only where the tool says so (contract section 6). */
function retryTime(
  call: DispatchedCall,
  number: number,
  answer: AttemptAnswer,
  tool: ToolDocument | undefined,
  now: number,
): number | undefined {
  if (tool === undefined || answer.known === 'executed' || answer.known === 'tool_error') return undefined;
  if (answer.known === 'unknown' && tool.onUnknown !== 'retry') return undefined;
  const ours = answer.known === 'not_sent' && answer.code === 'internal_error';
  const tries = call.tries + (ours ? 0 : 1);
  if (!ours && tries > tool.maxRetries) return undefined;
  const wait = backoffMs(number, chanceOf(call.leased.call.callId, number));
  const asked = answer.known === 'refused' ? (answer.retryAfterMs ?? 0) : 0;
  const at = now + Math.max(wait, asked);
  return at < Math.min(call.leased.call.deadline, call.queuedAt + ALL_ATTEMPTS_MS) ? at : undefined;
}

function codeOf(answer: AttemptAnswer): { code: FailureCode; status: number | null } {
  switch (answer.known) {
    case 'not_sent':
      return { code: answer.code, status: null };
    case 'refused':
      return { code: 'refused', status: answer.httpStatus };
    case 'tool_error':
      return { code: 'tool_error', status: answer.httpStatus };
    case 'unknown':
      return { code: answer.code, status: answer.httpStatus };
    case 'executed':
      throw new TypeError('an executed attempt has no failure code');
  }
}

const unknownBy = (answer: AttemptAnswer): Pick<Attempt, 'why'> =>
  answer.known === 'unknown' ? { why: { code: answer.code, status: answer.httpStatus } } : {};

/** The call as it will be once this answer is folded. */
function withAnswer(call: DispatchedCall, number: number, answer: AttemptAnswer): DispatchedCall {
  const { known } = answer;
  const others = call.attempts.filter((one) => one.number !== number);
  return { ...call, attempts: [...others, { number, epoch: '', deadline: 0, known, ...unknownBy(answer) }] };
}

function ended(call: DispatchedCall, attempt: number, answer: AttemptAnswer, retryAt?: number): Draft {
  const failure = answer.known === 'executed' ? {} : { code: codeOf(answer).code };
  const httpStatus = answer.known === 'not_sent' ? null : answer.httpStatus;
  const data = { call: call.leased.call, attempt, known: answer.known, ...failure, httpStatus };
  return attemptEnded.draft(call.tenant, retryAt === undefined ? data : { ...data, retryAt }, call.trace);
}
