import { reconcileQueued, type Draft, type ToolDocument } from '@tollgate/events';
import { backoffMs, chanceOf, inTime } from './backoff.js';
import { lastAttemptNumber, type DispatchedCall } from './dispatch.state.js';

/**
 * The next question to the tool's `reconcile_url`, where it has one: as often as `max_retries` behind each attempt that
 * is unknown, with the same backoff (contract section 6). Undefined when it is not asked, or not again.
 *
 * @param askedMs The wait that the tool itself asked for, by `Retry-After`.
 */
export function plannedQuestion(
  call: DispatchedCall,
  tool: ToolDocument | undefined,
  now: number,
  askedMs = 0,
): Draft | undefined {
  const question = call.questions + 1;
  if (tool?.onUnknown !== 'reconcile' || tool.reconcileUrl === undefined || question > tool.maxRetries)
    return undefined;
  const header = call.leased.call;
  const attempt = lastAttemptNumber(call);
  const wait = backoffMs(question, chanceOf(header.callId, `${attempt}?${question}`));
  const askAt = inTime(call, now + Math.max(wait, askedMs));
  if (askAt === undefined) return undefined;
  return reconcileQueued.draft(call.tenant, { call: header, attempt, question, askAt }, call.trace);
}
