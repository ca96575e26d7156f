import {
  blocked,
  blockedOutcome,
  failed,
  policyPassed,
  refusedOutcome,
  type Draft,
  type PassedCall,
} from '@tollgate/events';
import { DEADLINE, passed } from './calls.js';
import { endedBlocked, endedExecuted, endedFailed, endedInDoubt, resolvedExecuted, resolvedFailed } from './endings.js';
import type { Input } from './given.js';

/** How far the call of an action has come, by what the stages have said of it. */
type Stage = 'in CALLS' | 'in lease' | 'leased' | 'in doubt' | 'ended';

interface ActionCall {
  readonly tenant: string;
  readonly one: PassedCall;
  is: Stage;
}

const ENDS = [endedExecuted, endedExecuted, endedExecuted, endedFailed, endedBlocked, endedInDoubt];
/** So few that calls of actions are repeats of each other. */
const ARGUMENTS = 3;
const WINDOW_SEC = 3_600;

/** The stages around the lease, as far as calls of actions see them. */
export class ActionCalls {
  private readonly calls = new Map<string, ActionCall>();

  get allHaveEnded(): boolean {
    return [...this.calls.values()].every(({ is }) => is === 'ended');
  }

  /** What the lease stage has journaled. */
  sees({ type, tenant, data }: Draft, now: number): void {
    const { callId = '', call } = data as { callId?: string; call?: { callId: string } };
    if (type === 'action-begun')
      this.calls.set(callId, { tenant, one: callAt(callId, this.calls.size, now), is: 'in CALLS' });
    const known = call && this.calls.get(call.callId);
    if (known === undefined) return;
    if (type === 'lease-acquired') known.is = 'leased';
    if (type === 'deduplicated' || type === 'blocked' || type === 'failed') known.is = 'ended';
  }

  /** Whatever comes next of one of them; undefined where all wait for the lease stage. */
  next(which: number, how: number): Input | undefined {
    const open = [...this.calls.values()].filter(({ is }) => is !== 'ended' && is !== 'in lease');
    const of = open[which % Math.max(1, open.length)];
    if (of === undefined) return undefined;
    const input = nextOf(of, how);
    of.is = afterwards(of.is, input);
    return 'byPolicy' in input
      ? { byPolicy: { ...input.byPolicy, tenant: of.tenant } }
      : { ...input, tenant: of.tenant };
  }
}

const callAt = (callId: string, number: number, now: number): PassedCall =>
  passed(callId, {
    call: { requestedAt: now, waitUntil: now + DEADLINE, deadline: now + DEADLINE },
    terms: { dedupHash: `of actions ${number % ARGUMENTS}`, windowSec: WINDOW_SEC },
  });

function nextOf({ one, is }: ActionCall, how: number): Draft | { byPolicy: Draft } {
  const { call } = one;
  switch (is) {
    case 'in CALLS':
      if (how === 8) return { byPolicy: blocked.draft('', { call, outcome: blockedOutcome('agent_disabled') }) };
      if (how === 9) return { byPolicy: failed.draft('', { call, outcome: refusedOutcome('tool_not_found') }) };
      return policyPassed.draft('', one);
    case 'in doubt':
      return how % 2 === 0 ? resolvedExecuted(one) : resolvedFailed(one);
    default:
      return (ENDS[how % ENDS.length] ?? endedExecuted)(one);
  }
}

function afterwards(is: Stage, input: Draft | { byPolicy: Draft }): Stage {
  if (is === 'in CALLS') return 'byPolicy' in input ? 'ended' : 'in lease';
  return 'type' in input && input.type === 'in-doubt' ? 'in doubt' : 'ended';
}
