import type { LeasedCall, Micros, TollgateEvent } from '@tollgate/events';
import { Actions } from './actions.js';

/** What a call has reserved, until it is given back or its windows have passed. */
export interface Reservation {
  readonly tool: string;
  readonly cost: Micros;
  /** UTC day of admission, `YYYY-MM-DD`. */
  readonly day: string;
  /** Time of admission, ms since the epoch. */
  readonly at: number;
}

/** What one agent has used: admissions of the rolling hour, calls and spend of the UTC day (contract 3.1, windows). */
export interface AgentUse {
  /** What can still be given back. */
  readonly reservations: Map<string, Reservation>;
  /** Calls that count for the hour. */
  readonly actions: Actions;
  day: string;
  spent: Micros;
  readonly callsPerTool: Map<string, number>;
}

/** A call that a cap would refuse, and that is decided again after a look (rule 11). */
interface Checking {
  readonly tenant: string;
  readonly call: LeasedCall;
  readonly trace: string | undefined;
  /** An owner before this one has journaled it, so that this one must look without having heard of it. */
  inherited?: true;
}

export interface BudgetState {
  readonly agents: Map<string, AgentUse>;
  readonly checking: Map<string, Checking>;
}

export const HOUR_MS = 3_600_000;

/** A refusal is decided again at once: what still waits so long after its deadline, an outage or half a journal has left. */
export const isOverdue = ({ call }: LeasedCall, now: number): boolean => call.deadline < now - HOUR_MS;

export const initialBudgetState = (): BudgetState => ({ agents: new Map(), checking: new Map() });

/** Ids hold no control characters, so the separator keeps tenant and agent apart. */
export const agentKey = (tenant: string, agent: string): string => `${tenant}\u0000${agent}`;

/** The agent of a tenant that has reserved for a call. */
export function agentOfReservation({ agents }: BudgetState, tenant: string, callId: string): string | undefined {
  const prefix = agentKey(tenant, '');
  for (const [key, { reservations }] of agents) {
    if (key.startsWith(prefix) && reservations.has(callId)) return key.slice(prefix.length);
  }
  return undefined;
}

export const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function evolveBudget(state: BudgetState, event: TollgateEvent): BudgetState {
  switch (event.type) {
    case 'owner-changed':
      for (const checking of state.checking.values()) checking.inherited = true;
      return state;
    case 'cap-checking':
      state.checking.set(event.data.call.callId, { tenant: event.tenant, call: event.data, trace: event.trace });
      return state;
    case 'budget-reserved':
      state.checking.delete(event.data.call.callId);
      reserve(useOf(state, event.tenant, event.data.call.agent, event.at), event.data, event.at);
      return state;
    case 'budget-released':
      release(useOf(state, event.tenant, event.data.agent, event.at), event.data.callId, event.data.what);
      return state;
    case 'blocked':
    case 'failed':
      state.checking.delete(event.data.call.callId);
      return state;
    case 'journal-kept':
      kept(state, event.at);
      return state;
    default:
      return state;
  }
}

/** Forgets agents that have used nothing lately, and what only half a journal could have left behind (rule 15). */
function kept({ agents, checking }: BudgetState, now: number): void {
  for (const [callId, { call }] of checking) if (isOverdue(call, now)) checking.delete(callId);
  for (const [key, use] of agents) {
    roll(use, now);
    if (use.reservations.size + use.callsPerTool.size + use.actions.size === 0) agents.delete(key);
  }
}

/** The use of an agent as of `now`: what has left its windows is forgotten. */
function useOf(state: BudgetState, tenant: string, agent: string, now: number): AgentUse {
  const key = agentKey(tenant, agent);
  let use = state.agents.get(key);
  if (use === undefined) {
    use = { reservations: new Map(), actions: new Actions(), day: utcDay(now), spent: 0, callsPerTool: new Map() };
    state.agents.set(key, use);
  }
  roll(use, now);
  return use;
}

function roll(use: AgentUse, now: number): void {
  const day = utcDay(now);
  const hourAgo = now - HOUR_MS;
  if (use.day !== day) {
    use.day = day;
    use.spent = 0;
    use.callsPerTool.clear();
    for (const [callId, { at }] of use.reservations) if (at <= hourAgo) use.reservations.delete(callId);
  }
  for (const callId of use.actions.forget(hourAgo)) {
    if (use.reservations.get(callId)?.day !== day) use.reservations.delete(callId);
  }
}

/** Gives the states of agents that a snapshot brought back their class. */
export function reviveBudget(state: BudgetState): BudgetState {
  const agents = [...state.agents].map(([key, use]) => [key, { ...use, actions: Actions.from(use.actions) }] as const);
  return { ...state, agents: new Map(agents) };
}

function reserve(use: AgentUse, { call, terms }: LeasedCall, at: number): void {
  use.reservations.set(call.callId, { tool: call.tool, cost: terms.cost, day: use.day, at });
  use.actions.add(call.callId, at);
  use.spent += terms.cost;
  use.callsPerTool.set(call.tool, (use.callsPerTool.get(call.tool) ?? 0) + 1);
}

function release(use: AgentUse, callId: string, what: 'all' | 'money'): void {
  const reservation = use.reservations.get(callId);
  if (reservation === undefined) return;
  use.reservations.delete(callId);
  const today = reservation.day === use.day;
  if (today) use.spent -= reservation.cost;
  if (what === 'money') return;
  use.actions.giveBack(callId);
  if (today) use.callsPerTool.set(reservation.tool, (use.callsPerTool.get(reservation.tool) ?? 1) - 1);
}
