import {
  blocked,
  blockedOutcome,
  dispatchQueued,
  dispatchStarted,
  failed,
  failedOutcome,
  refusedOutcome,
  type Draft,
  type LeasedCall,
  type ToolDocument,
} from '@tollgate/events';
import { isDisabled, toolEntry, type ConfigState } from '@tollgate/journal';
import { lastAttemptNumber, type DispatchedCall, type DispatchState } from './dispatch.state.js';
import { endCall } from './end-call.js';

/** How much later than the tool's timeout a new owner may call an attempt unknown (rule 10). */
const ATTEMPT_MARGIN_MS = 5_000;
/** An append is bounded: so many calls end in one decision. */
const AT_ONCE = 100;

export const toolOf = (config: ConfigState, tenant: string, { call, terms }: LeasedCall): ToolDocument | undefined =>
  toolEntry(config, tenant, terms.scope, call.tool)?.value;

/** Takes a call on, unless agent, tool or time have changed since policy looked; `ready`: a connection is at hand now. */
export function decideReserved(
  tenant: string,
  leased: LeasedCall,
  config: ConfigState,
  now: number,
  ready: boolean,
): readonly Draft[] {
  const { call } = leased;
  if (isDisabled(config, tenant, call.agent)) {
    return [blocked.draft(tenant, { call, outcome: blockedOutcome('agent_disabled') })];
  }
  if (now >= call.deadline) return [failed.draft(tenant, { call, outcome: failedOutcome('expired') })];
  const tool = toolOf(config, tenant, leased);
  if (tool === undefined) return [failed.draft(tenant, { call, outcome: refusedOutcome('tool_not_found') })];
  if (!tool.enabled) return [failed.draft(tenant, { call, outcome: refusedOutcome('tool_disabled') })];
  const queued = dispatchQueued.draft(tenant, leased);
  return ready ? [queued, started(tenant, leased, tool, 1, now)] : [queued];
}

/** The connection stands: the attempt may begin, if nothing forbids it by now. */
export function decidePrepared(
  state: DispatchState,
  callId: string,
  config: ConfigState,
  now: number,
): readonly Draft[] {
  const call = state.calls.get(callId);
  if (call === undefined || !mayTry(call, now)) return [];
  const { tenant, leased } = call;
  const tool = toolOf(config, tenant, leased);
  const onUnknown = tool?.onUnknown ?? 'hold';
  if (isDisabled(config, tenant, leased.call.agent)) return [endCall(call, { why: 'agent_disabled' }, onUnknown, now)];
  if (tool === undefined) return [endCall(call, { why: 'tool_not_found' }, onUnknown, now)];
  if (!tool.enabled) return [endCall(call, { why: 'tool_disabled' }, onUnknown, now)];
  if (now >= leased.call.deadline)
    return [endCall(call, { why: 'failed', code: 'expired', status: null }, onUnknown, now)];
  return [started(tenant, leased, tool, lastAttemptNumber(call) + 1, now, call.trace)];
}

/** The kill switch: what has no open attempt ends now, a bounded number at a time; the timer goes on with the rest. */
export function decideConfigChanged(state: DispatchState, config: ConfigState, now: number): readonly Draft[] {
  const drafts: Draft[] = [];
  for (const call of state.calls.values()) {
    if (call.phase.is !== 'queued' && call.phase.is !== 'resting') continue;
    if (!isDisabled(config, call.tenant, call.leased.call.agent)) continue;
    if (drafts.length >= AT_ONCE) {
      state.nextDue = now;
      break;
    }
    const onUnknown = toolOf(config, call.tenant, call.leased)?.onUnknown ?? 'hold';
    drafts.push(endCall(call, { why: 'agent_disabled' }, onUnknown, now));
  }
  return drafts;
}

export const mayTry = ({ phase }: DispatchedCall, now: number): boolean =>
  phase.is === 'queued' || (phase.is === 'resting' && phase.until <= now);

function started(
  tenant: string,
  { call }: LeasedCall,
  tool: ToolDocument,
  attempt: number,
  now: number,
  trace?: string,
): Draft {
  const attemptDeadline = now + tool.timeoutMs + ATTEMPT_MARGIN_MS;
  return dispatchStarted.draft(tenant, { call, attempt, attemptDeadline }, trace);
}
