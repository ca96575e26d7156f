import { holdEnded, type Draft, type ToolDocument } from '@tollgate/events';
import type { ConfigState } from '@tollgate/journal';
import { decideAnswer } from './decide-answer.js';
import { decideConfigChanged, toolOf } from './decide-queued.js';
import { dueAt, NEVER, openAttempts, type DispatchedCall, type DispatchState } from './dispatch.state.js';
import { endCall } from './end-call.js';

const AT_ONCE = 100;

/** The clock first, then what a change of configuration has left to end (rule 12). */
export function decideTimer(state: DispatchState, config: ConfigState, now: number): readonly Draft[] {
  const drafts = decideDue(state, ({ tenant, leased }) => toolOf(config, tenant, leased), now);
  return drafts.length > 0 ? drafts : decideConfigChanged(state, config, now);
}

/** What the clock alone decides: attempts past their deadline are unknown, calls past theirs end, holds end (rules 5, 8, 10). */
function decideDue(
  state: DispatchState,
  tool: (call: DispatchedCall) => ToolDocument | undefined,
  now: number,
): readonly Draft[] {
  const drafts: Draft[] = [];
  let nextDue = NEVER;
  for (const call of state.calls.values()) {
    if (dueAt(call) > now || drafts.length >= AT_ONCE) nextDue = Math.min(nextDue, dueAt(call));
    else drafts.push(...due(state, call, tool, now));
  }
  // Not part of what is folded: only a bound on when to look again, and at once for what one decision leaves over.
  state.nextDue = drafts.length > 0 ? now : nextDue;
  return drafts;
}

function due(
  state: DispatchState,
  call: DispatchedCall,
  tool: (call: DispatchedCall) => ToolDocument | undefined,
  now: number,
): readonly Draft[] {
  const { callId } = call.leased.call;
  switch (call.phase.is) {
    case 'in-doubt':
      return [holdEnded.draft(call.tenant, { callId }, call.trace)];
    case 'trying': {
      const late = openAttempts(call).find((one) => one.deadline <= now);
      const answer = { known: 'unknown', code: 'connection_lost', httpStatus: null } as const;
      return late === undefined ? [] : decideAnswer(state, callId, late.number, answer, tool, now);
    }
    case 'queued':
    case 'asking':
    case 'resting':
      return [endCall(call, { why: 'failed', code: 'expired', status: null }, tool(call)?.onUnknown ?? 'hold', now)];
  }
}
