import {
  blocked,
  budgetReleased,
  budgetReserved,
  capChecking,
  failed,
  failedOutcome,
  type Draft,
  type EndingEvent,
  type EventOf,
  type LeasedCall,
  type Reason,
  type settlementAnswered,
} from '@tollgate/events';
import { agentKey, agentOfReservation, type BudgetState } from './budget.state.js';
import { capRefusal } from './caps.js';

/** Admits a call whose caps all have room; it counts at once. What would be refused is looked at twice (rule 11). */
export function decideLeased(state: BudgetState, tenant: string, leased: LeasedCall, now: number): readonly Draft[] {
  if (now >= leased.call.deadline) return [expired(tenant, leased)];
  if (refusalOf(state, tenant, leased, now) === undefined) return [budgetReserved.draft(tenant, leased)];
  return [capChecking.draft(tenant, leased)];
}

/** After the look: what was given back until now is known, so the refusal is final. */
export function decideLooked(state: BudgetState, callId: string, now: number): readonly Draft[] {
  const checking = state.checking.get(callId);
  if (checking === undefined) return [];
  const { tenant, call: leased, trace } = checking;
  return [decideFinally(state, tenant, leased, now, trace)];
}

/** What becomes of a call once all that was given back is known. */
export function decideFinally(
  state: BudgetState,
  tenant: string,
  leased: LeasedCall,
  now: number,
  trace?: string,
): Draft {
  if (now >= leased.call.deadline) return expired(tenant, leased, trace);
  const refusal = refusalOf(state, tenant, leased, now);
  if (refusal === undefined) return budgetReserved.draft(tenant, leased, trace);
  if (leased.terms.mode === 'observe') return budgetReserved.draft(tenant, noted(leased, refusal.reason), trace);
  return blocked.draft(tenant, { call: leased.call, outcome: refusal }, trace);
}

/** A policy that observes: the call is admitted and counts. Lists come before caps: their reason stays. */
const noted = (leased: LeasedCall, reason: Reason): LeasedCall => ({
  ...leased,
  call: { ...leased.call, wouldBlock: leased.call.wouldBlock ?? reason },
});

/** What an ending gives back (contract 3.1): the money of a tool's own error, everything of what was not done or is resolved as failed. */
export function decideEnded(state: BudgetState, { type, tenant, data }: EndingEvent): readonly Draft[] {
  const { call, outcome } = data;
  const { agent, callId } = call;
  const reserved = state.agents.get(agentKey(tenant, agent))?.reservations.has(callId) ?? false;
  const undone = outcome.decision !== 'executed' && outcome.reason !== 'outcome_unknown';
  if (!reserved || !undone) return [];
  const what = outcome.error?.code === 'tool_error' && type !== 'resolved' ? 'money' : 'all';
  return [budgetReleased.draft(tenant, { agent, callId, what })];
}

/** An operator says that a call, whose end this stage could not read, was not done: nothing of it is kept (rule 14). */
export function decideSettled(
  state: BudgetState,
  { tenant, data: { callId, says, answer } }: EventOf<typeof settlementAnswered>,
): readonly Draft[] {
  if (callId === undefined || says !== 'failed' || answer !== 'settled') return [];
  const agent = agentOfReservation(state, tenant, callId);
  return agent === undefined ? [] : [budgetReleased.draft(tenant, { agent, callId, what: 'all' })];
}

const refusalOf = (state: BudgetState, tenant: string, leased: LeasedCall, now: number) =>
  capRefusal(leased, state.agents.get(agentKey(tenant, leased.call.agent)), now);

const expired = (tenant: string, { call }: LeasedCall, trace?: string): Draft =>
  failed.draft(tenant, { call, outcome: failedOutcome('expired') }, trace);
