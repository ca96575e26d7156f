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
import { backoffMs, chanceOf, inTime } from './backoff.js';
import { isUnknown, openAttempts, type Attempt, type DispatchedCall, type DispatchState } from './dispatch.state.js';
import { endCall, executedEnding, failedEnding } from './end-call.js';
import { plannedQuestion } from './plan-question.js';

/** What became of an attempt: the call ends, is tried again, asks its tool, or waits for another open attempt. */
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
  if (attempt !== undefined && !isNews(attempt, answer)) return [];
  if (call.phase.is === 'in-doubt') return lateAnswer(call, number, answer);
  return answerInTime(call, number, answer, tool(call), now);
}

/** A second word about an attempt counts only where the first was "unknown", or where it was done although its tool denied it. */
function isNews({ known }: Attempt, answer: AttemptAnswer): boolean {
  if (known === 'unknown') return answer.known !== 'unknown';
  return known === 'open' || (known === 'not_executed' && answer.known === 'executed');
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
    return [ended(call, number, answer), executed.draft(call.tenant, executedBy(call, number, answer), call.trace)];
  }
  const others = openAttempts(call).filter((one) => one.number !== number);
  if (others.length > 0) return [ended(call, number, answer)];
  const after = withAnswer(call, number, answer);
  const earlier = call.attempts.some((one) => one.number === number && one.known === 'unknown');
  // What the tool itself says late is its last word, unless another attempt is unknown; anything else goes on as planned.
  if (earlier && !isLastWord(call, answer, after)) return [ended(call, number, answer)];
  const retryAt = retryTime(after, number, answer, tool, now);
  if (retryAt !== undefined) return [ended(call, number, answer, retryAt)];
  const question = isUnknown(after) ? plannedQuestion(after, tool, now) : undefined;
  if (question !== undefined) return [ended(call, number, answer), question];
  const onUnknown = tool?.onUnknown ?? 'hold';
  return [ended(call, number, answer), endCall(after, { why: 'failed', ...codeOf(answer) }, onUnknown, now)];
}

/** A late word after which there is nothing left to wait for: it was said by the tool, or there is nothing left to ask it. */
const isLastWord = ({ phase }: DispatchedCall, { known }: AttemptAnswer, after: DispatchedCall): boolean =>
  !isUnknown(after) && (known === 'tool_error' || phase.is === 'asking');

/** Once in doubt a call can only be resolved: as executed, or as failed where that leaves no attempt unknown (rule 6). */
function lateAnswer(call: DispatchedCall, number: number, answer: AttemptAnswer): readonly Draft[] {
  if (answer.known === 'executed') {
    return [ended(call, number, answer), resolved.draft(call.tenant, executedBy(call, number, answer), call.trace)];
  }
  const after = withAnswer(call, number, answer);
  if (isUnknown(after) || openAttempts(after).length > 0) return [ended(call, number, answer)];
  const { code, status } = codeOf(answer);
  return [
    ended(call, number, answer),
    resolved.draft(call.tenant, failedEnding(call, code, status, number), call.trace),
  ];
}

const executedBy = (
  call: DispatchedCall,
  attempt: number,
  { result, httpStatus }: Extract<AttemptAnswer, { known: 'executed' }>,
) => executedEnding(call, { attempt, result, httpStatus });

/** What was not sent or was refused is tried again, what is unknown only where the tool says so (contract section 6). */
function retryTime(
  after: DispatchedCall,
  number: number,
  answer: AttemptAnswer,
  tool: ToolDocument | undefined,
  now: number,
): number | undefined {
  if (tool === undefined || answer.known === 'executed' || answer.known === 'tool_error') return undefined;
  if (answer.known === 'unknown' && tool.onUnknown !== 'retry') return undefined;
  // Where the tool can be asked, it is asked before anything else is sent.
  if (tool.onUnknown === 'reconcile' && isUnknown(after)) return undefined;
  if (!isOurs(answer) && after.tries > tool.maxRetries) return undefined;
  const wait = backoffMs(number, chanceOf(after.leased.call.callId, number));
  const asked = answer.known === 'refused' ? (answer.retryAfterMs ?? 0) : 0;
  return inTime(after, now + Math.max(wait, asked));
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

/** It was not sent for a reason of our own, and uses up no try. */
const isOurs = (answer: AttemptAnswer): boolean => answer.known === 'not_sent' && answer.code === 'internal_error';

const unknownBy = (answer: AttemptAnswer): Pick<Attempt, 'why'> =>
  answer.known === 'unknown' ? { why: { code: answer.code, status: answer.httpStatus } } : {};

/** The call as it will be once this answer is folded. */
function withAnswer(call: DispatchedCall, number: number, answer: AttemptAnswer): DispatchedCall {
  const { known } = answer;
  const before = call.attempts.find((one) => one.number === number);
  const others = call.attempts.filter((one) => one !== before);
  const counts = !isOurs(answer) && (before === undefined || before.known === 'open');
  return {
    ...call,
    tries: call.tries + (counts ? 1 : 0),
    attempts: [...others, { number, epoch: '', deadline: 0, known, ...unknownBy(answer) }],
  };
}

function ended(call: DispatchedCall, attempt: number, answer: AttemptAnswer, retryAt?: number): Draft {
  const failure = answer.known === 'executed' ? {} : { code: codeOf(answer).code };
  const httpStatus = answer.known === 'not_sent' ? null : answer.httpStatus;
  const data = { call: call.leased.call, attempt, known: answer.known, ...failure, httpStatus };
  return attemptEnded.draft(call.tenant, retryAt === undefined ? data : { ...data, retryAt }, call.trace);
}
