import type { Caps, LeasedCall, TollgateEvent } from '@tollgate/events';
import { DAY_MS } from '../scenario.js';
import type { Entry } from '../journal-record.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

interface Admitted {
  readonly tool: string;
  readonly cost: number;
  readonly agent: string;
  /** Time of admission, ms since the epoch. */
  readonly at: number;
  /** Its money was given back, its place among the actions was not. */
  free: boolean;
}
type Ledger = ReadonlyMap<string, Admitted>;

/** G3, counted anew; a month goes by for itself. */
export function capsHold(simulation: Simulation): Violation[] {
  if (simulation.scenario.month) return [];
  return [...ledgersHold(simulation), ...actedWhatWasAdmitted(simulation)];
}

function ledgersHold({ record, chaos }: Simulation): Violation[] {
  const broken: Violation[] = [];
  const parked = new Set(chaos.poison.found.filter(({ reader }) => reader === 'budget').map(({ callId }) => callId));
  const ledger = new Map<string, Admitted>();
  const cameAt = new Map<string, number>();
  const calls = new Map<string, LeasedCall>();
  for (const entry of record.entries) {
    const { event, order } = entry;
    if (event.type === 'lease-acquired' || event.type === 'cap-checking') {
      cameAt.set(event.data.call.callId, order);
      calls.set(event.data.call.callId, event.data);
    }
    if (entry.journal !== 'budget') continue;
    if (event.type === 'budget-released') giveBack(ledger, event.data.callId, event.data.what);
    if (event.type === 'budget-reserved') {
      const passed = passes(ledger, event.tenant, event.data, event.at);
      if (passed !== undefined && !saysSo(event.data)) {
        broken.push({ guarantee: 'G3', what: `${event.data.call.callId} was admitted past ${passed}` });
      }
      admit(ledger, event.tenant, event.data, event.at);
    }
    if (event.type === 'blocked') {
      const { callId } = event.data.call;
      const leased = calls.get(callId);
      if (leased === undefined) continue;
      const known = new Map([...ledger].map(([id, one]) => [id, { ...one }]));
      applyEndings(known, record.entries, cameAt.get(callId) ?? 0, parked);
      if (passes(known, event.tenant, leased, event.at) === undefined) {
        broken.push({ guarantee: 'G3', what: `${callId} was refused for a cap that it fits` });
      }
    }
  }
  return broken;
}

/** A policy that only observes lets a call pass its caps, which counts like any other, and says that it did. */
const saysSo = ({ call, terms }: LeasedCall): boolean => terms.mode === 'observe' && call.wouldBlock !== undefined;

/** What the dispatcher's journal had given back before `order`, whether or not the budget knew; what it parked stays held. */
function applyEndings(
  ledger: Map<string, Admitted>,
  entries: readonly Entry[],
  order: number,
  parked: ReadonlySet<string>,
): void {
  for (const { journal, event } of entries.slice(0, order)) {
    if (journal !== 'dispatch') continue;
    const [callId, what] = given(event);
    if (!parked.has(callId)) giveBack(ledger, callId, what);
  }
}

/** What an ending gives back (contract 3.1). */
function given(event: TollgateEvent): [string, 'all' | 'money' | 'nothing'] {
  if (event.type !== 'blocked' && event.type !== 'failed' && event.type !== 'resolved') return ['', 'nothing'];
  const { call, outcome } = event.data;
  if (outcome.decision === 'executed' || outcome.reason === 'outcome_unknown') return [call.callId, 'nothing'];
  const itsOwnError = outcome.error?.code === 'tool_error' && event.type !== 'resolved';
  return [call.callId, itsOwnError ? 'money' : 'all'];
}

const keyOf = (tenant: string, { agent }: { agent: string }): string => `${tenant} ${agent}`;

function admit(ledger: Map<string, Admitted>, tenant: string, { call, terms }: LeasedCall, at: number): void {
  ledger.set(call.callId, { tool: call.tool, cost: terms.cost, agent: keyOf(tenant, call), at, free: false });
}

function giveBack(ledger: Map<string, Admitted>, callId: string, what: 'all' | 'money' | 'nothing'): void {
  const one = ledger.get(callId);
  if (one === undefined || what === 'nothing') return;
  if (what === 'all') ledger.delete(callId);
  else one.free = true;
}

const HOUR_MS = 3_600_000;
const utcDay = (at: number): number => Math.floor(at / DAY_MS);

/** The cap that one more call would pass. */
function passes(ledger: Ledger, tenant: string, { call, terms }: LeasedCall, now: number): keyof Caps | undefined {
  const { maxActionsPerHour = Infinity, maxCallsPerTool = Infinity, maxSpendPerDay = Infinity } = terms.caps;
  const mine = [...ledger.values()].filter(({ agent }) => agent === keyOf(tenant, call));
  if (mine.filter(({ at }) => at > now - HOUR_MS).length >= maxActionsPerHour) return 'maxActionsPerHour';
  const today = mine.filter(({ at }) => utcDay(at) === utcDay(now));
  if (today.filter(({ tool }) => tool === call.tool).length >= maxCallsPerTool) return 'maxCallsPerTool';
  const spent = today.reduce((sum, { cost, free }) => sum + (free ? 0 : cost), 0);
  return spent + terms.cost > maxSpendPerDay ? 'maxSpendPerDay' : undefined;
}

/** What a tool did was admitted before, and is given back only where the rules say so (`on_unknown: fail`, an operator). */
function actedWhatWasAdmitted({ tools, record, scenario, chaos }: Simulation): Violation[] {
  const admittedAt = new Map<string, number>();
  const givenBack = new Set<string>();
  const byWord = new Set<string>();
  for (const { event, at } of record.entries) {
    if (event.type === 'budget-reserved') admittedAt.set(event.data.call.callId, at);
    if (event.type === 'budget-released' && event.data.what === 'all') givenBack.add(event.data.callId);
    if (event.type === 'resolved' && event.data.by !== undefined) byWord.add(event.data.call.callId);
  }
  return tools.seen.flatMap(({ callId, tenant, tool, at, acted }): Violation[] => {
    if (!acted) return [];
    if (!(Math.floor(at) >= (admittedAt.get(callId) ?? Infinity))) {
      return [{ guarantee: 'G3', what: `${callId} was done before it was admitted` }];
    }
    const says = scenario.tools.find(({ name }) => name === tool)?.onUnknown;
    const mayFail = says === 'fail' || chaos.changedTools.has(`${tenant} ${tool}`) || byWord.has(callId);
    return givenBack.has(callId) && !mayFail ? [{ guarantee: 'G3', what: `${callId} was done and given back` }] : [];
  });
}
