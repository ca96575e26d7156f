import type { DataOf, PassedCall, TollgateEvent } from '@tollgate/events';
import type { creditsChecking, inputParked, keyCarried, leaseAcquired, leaseSettled } from '@tollgate/events';
import { monthOf, type CreditsState } from './credits/credits.state.js';
import { evolveCredits } from './credits/evolve-credits.js';
import { isOwnKey } from './lease-key.js';
import { endedActionOf } from './tasks/ended-action.js';
import {
  actionEndedHere,
  actionEndParked,
  evolveTasks,
  expires,
  initialTasksState,
  keptTasks,
  NEVER,
  sweepTasks,
  type TasksState,
} from './tasks/tasks.state.js';

/** A repeat that waits for the holder of its key. */
export interface Waiter {
  readonly tenant: string;
  readonly passed: PassedCall;
  readonly trace: string | undefined;
}

/**
 * What a key is: only its holder's ending changes it (rule 8). Of its call it keeps the terms, not the arguments: a window
 * may be weeks and hold millions of keys.
 */
export type KeyStatus = DataOf<typeof keyCarried>['status'];

export interface KeyEntry {
  status: KeyStatus;
  /** Of the last holder: under one idempotency key other arguments are refused, also while it is handed over or tainted. */
  dedupHash: string;
  readonly waiters: Map<string, Waiter>;
  /** The call that began the current outgoing key; kept while the tool must see the same key again. */
  claim: string | undefined;
  /** An attempt under the current outgoing key was unknown, and no end is known since. */
  tainted: boolean;
  /** When a free but tainted key may be forgotten, ms since the epoch. */
  rememberUntil: number;
  /** Month whose credits its holder is charged to; nothing is given back to another. */
  chargedIn: string | undefined;
  /** When the first event that it is made of was journaled, ms since the epoch (rule 15). */
  since: number;
}

/** A call or command that its tenant's credits would refuse, and that is decided again after a look (rule 11). */
export interface Checking {
  readonly tenant: string;
  readonly asked: DataOf<typeof creditsChecking>;
  readonly trace: string | undefined;
  /** When it was journaled, ms since the epoch. */
  readonly since: number;
  /** It has waited for its key: it ends when its client waits no more (rule 9). */
  readonly waited?: true;
  /** An owner before this one has journaled it, so that this one must look without having heard of it. */
  inherited?: true;
}

export interface LeaseState {
  readonly keys: Map<string, KeyEntry>;
  /** Holder, of a held key or one in doubt → its key. */
  readonly holders: Map<string, string>;
  /** Waiting call → its key. */
  readonly waiting: Map<string, { readonly leaseKey: string; readonly deadline: number }>;
  /** No deadline of a waiting call passes before this time, ms since the epoch; a bound, worked out anew by the timer. */
  waitingDue: number;
  /** Keys whose holder ended and whose waiters are still to be answered, a bounded number at a time. */
  readonly settling: Set<string>;
  readonly tasks: TasksState;
  readonly credits: CreditsState;
  readonly checking: Map<string, Checking>;
  /** No deadline of a task passes before this time, ms since the epoch; a bound, worked out anew by the timer. */
  nextDue: number;
  /** Events since the last sweep of entries that no longer matter. */
  unswept: number;
}

/** At least so many events lie between two sweeps, and as many as there are keys: a sweep's cost is spread over them. */
const SWEEP_EVERY = 1_000;
/** After an unknown attempt the tool sees the same key again for so long (rule 8). */
const TAINT_REMEMBERED_MS = 30 * 24 * 3_600_000;

/** Calls that wait end at their deadline: what is still there so much later, an outage or half a journal has left. */
const OVERDUE_MS = 3_600_000;
export const isOverdue = (deadline: number, now: number): boolean => deadline < now - OVERDUE_MS;

export const initialLeaseState = (): LeaseState => ({
  keys: new Map(),
  holders: new Map(),
  waiting: new Map(),
  waitingDue: NEVER,
  settling: new Set(),
  tasks: initialTasksState(),
  credits: new Map(),
  checking: new Map(),
  nextDue: NEVER,
  unswept: 0,
});

export function evolveLease(state: LeaseState, event: TollgateEvent): LeaseState {
  evolveCredits(state.credits, event);
  evolveTasks(state.tasks, event);
  decided(state, event);
  if ('task' in event.data && expires(event.data.task)) state.nextDue = Math.min(state.nextDue, event.data.task.until);
  switch (event.type) {
    case 'owner-changed':
      for (const checking of state.checking.values()) checking.inherited = true;
      return state;
    case 'credits-checking': {
      const { tenant, trace, data } = event;
      const waited = state.waiting.has(data.id) ? { waited: true as const } : {};
      stopsWaiting(state, data.id);
      state.checking.set(data.id, { tenant, asked: data, trace, since: event.at, ...waited });
      break;
    }
    case 'lease-acquired':
      acquired(state, event.data, event.at);
      break;
    case 'lease-waiting': {
      const { leaseKey, ...passed } = event.data;
      const { callId, deadline } = passed.call;
      entryOf(state, leaseKey, event.at).waiters.set(callId, { tenant: event.tenant, passed, trace: event.trace });
      state.waiting.set(callId, { leaseKey, deadline });
      state.waitingDue = Math.min(state.waitingDue, deadline);
      break;
    }
    case 'lease-settled':
      settled(state, event.data, event.at);
      break;
    case 'key-tainted': {
      const entry = state.keys.get(event.data.leaseKey);
      if (entry !== undefined) entry.tainted = true;
      break;
    }
    case 'deduplicated':
    case 'blocked':
    case 'failed':
      stopsWaiting(state, event.data.call.callId);
      actionEndedHere(state.tasks, event.data.call.callId, endedActionOf(event, undefined));
      break;
    case 'input-parked':
      parked(state, event.data);
      break;
    case 'key-carried':
      carried(state, event.data, event.at);
      return state;
    case 'journal-kept':
      kept(state, event.data.from, event.at);
      return state;
    case 'config-applied':
      return state;
    default:
      break;
  }
  sweep(state, event.at);
  return state;
}

/** What cannot be read may have said that an attempt is unknown: the key's next call must bear the same outgoing key (rule 8). */
function parked(state: LeaseState, { source, callId, inputType }: DataOf<typeof inputParked>): void {
  if (callId === undefined) return;
  actionEndParked(state.tasks, callId, inputType);
  const entry = state.keys.get(state.holders.get(callId) ?? '');
  if (source === 'dispatch' && entry !== undefined) entry.tainted = true;
}

export function entryOf(state: LeaseState, leaseKey: string, at: number): KeyEntry {
  const known = state.keys.get(leaseKey);
  if (known !== undefined) return known;
  const entry: KeyEntry = {
    status: { is: 'free' },
    dedupHash: '',
    waiters: new Map(),
    claim: undefined,
    tainted: false,
    rememberUntil: 0,
    chargedIn: undefined,
    since: at,
  };
  state.keys.set(leaseKey, entry);
  return entry;
}

function acquired(state: LeaseState, data: DataOf<typeof leaseAcquired>, at: number): void {
  const { grant, claim, ...passed } = data;
  const { callId } = passed.call;
  stopsWaiting(state, callId);
  const entry = entryOf(state, grant.leaseKey, at);
  const { terms } = passed;
  // Made of this event alone, whatever stood there before; a claim of another call is one that is remembered (rule 8).
  const held = { status: { is: 'held', callId, terms }, dedupHash: terms.dedupHash, claim } as const;
  const charged = { chargedIn: monthOf(at), since: at };
  Object.assign(entry, {
    ...held,
    ...charged,
    tainted: claim !== callId,
    rememberUntil: 0,
  } satisfies Partial<KeyEntry>);
  state.holders.set(callId, grant.leaseKey);
  state.settling.delete(grant.leaseKey);
}

function settled(state: LeaseState, data: DataOf<typeof leaseSettled>, at: number): void {
  const entry = state.keys.get(data.leaseKey);
  if (entry === undefined || entry.status.is === 'free' || entry.status.is === 'completed') return;
  const { terms } = entry.status;
  const { callId, how } = data;
  if (how.state !== 'in-doubt') state.holders.delete(callId);
  switch (how.state) {
    case 'completed':
      entry.status = { is: 'completed', callId, until: how.until, ...(how.result && { result: how.result }) };
      forgetClaim(entry);
      break;
    case 'in-doubt':
      entry.status = { is: 'in-doubt', callId, terms, until: how.until, ...(how.error && { error: how.error }) };
      entry.tainted = true;
      break;
    case 'free':
      entry.status = { is: 'free' };
      // A key of its own is nobody else's, so there is nothing to remember it for.
      if (entry.tainted && !isOwnKey(data.leaseKey)) entry.rememberUntil = at + TAINT_REMEMBERED_MS;
      else forgetClaim(entry);
      break;
  }
  if (entry.waiters.size > 0) state.settling.add(data.leaseKey);
  else forgetIfNothing(state, data.leaseKey, entry, at);
}

/** The key as it was carried; whoever waits for it came later than what it was carried for. */
function carried(state: LeaseState, data: DataOf<typeof keyCarried>, at: number): void {
  const { leaseKey, settling, status, dedupHash, claim, tainted, rememberUntil, chargedIn } = data;
  const entry = entryOf(state, leaseKey, at);
  Object.assign(entry, {
    status,
    dedupHash,
    claim,
    tainted,
    rememberUntil,
    chargedIn,
    since: at,
  } satisfies Partial<KeyEntry>);
  if (status.is === 'held' || status.is === 'in-doubt') state.holders.set(status.callId, leaseKey);
  if (settling) state.settling.add(leaseKey);
  else state.settling.delete(leaseKey);
}

/**
 * Whatever was journaled before `from` and still holds has been carried. A fold of a journal whose oldest part is purged
 * has seen some events and not their ends: what they left behind goes (rule 15).
 */
function kept(state: LeaseState, from: number, now: number): void {
  for (const [callId, { deadline }] of state.waiting) if (isOverdue(deadline, now)) stopsWaiting(state, callId);
  for (const [leaseKey, entry] of state.keys) {
    if (entry.since < from) state.keys.delete(leaseKey);
    else forgetIfNothing(state, leaseKey, entry, now);
  }
  for (const [callId, leaseKey] of state.holders)
    if (!isHeldBy(state.keys.get(leaseKey), callId)) state.holders.delete(callId);
  // Also where those that waited are gone: it may have been carried while they were still to be answered.
  for (const leaseKey of state.settling)
    if ((state.keys.get(leaseKey)?.waiters.size ?? 0) === 0) state.settling.delete(leaseKey);
  sweepTasks(state.tasks, now);
  keptTasks(state.tasks, from);
  for (const [tenant, { since }] of state.credits) if (since < from) state.credits.delete(tenant);
  for (const [id, { since }] of state.checking) if (isOverdue(since, now)) state.checking.delete(id);
}

const isHeldBy = (entry: KeyEntry | undefined, callId: string): boolean =>
  entry !== undefined &&
  (entry.status.is === 'held' || entry.status.is === 'in-doubt') &&
  entry.status.callId === callId;

/** An end is known: the next call of this key is a new one to the tool. */
function forgetClaim(entry: KeyEntry): void {
  entry.claim = undefined;
  entry.tainted = false;
}

/** Whatever is decided about a call or command that waited for a look, it waits no more. */
function decided({ checking }: LeaseState, { type, data }: TollgateEvent): void {
  if (checking.size === 0 || type === 'credits-checking') return;
  if ('call' in data) checking.delete(data.call.callId);
  if ('reply' in data && data.reply !== undefined) checking.delete(data.reply.commandId);
}

function stopsWaiting(state: LeaseState, callId: string): void {
  const waiting = state.waiting.get(callId);
  if (waiting === undefined) return;
  state.waiting.delete(callId);
  const entry = state.keys.get(waiting.leaseKey);
  entry?.waiters.delete(callId);
  if (entry?.waiters.size === 0) state.settling.delete(waiting.leaseKey);
}

function sweep(state: LeaseState, now: number): void {
  const { keys, tasks } = state;
  if (++state.unswept < Math.max(SWEEP_EVERY, keys.size + tasks.tasks.size + tasks.locks.size)) return;
  state.unswept = 0;
  for (const [leaseKey, entry] of keys) forgetIfNothing(state, leaseKey, entry, now);
  sweepTasks(tasks, now);
}

function forgetIfNothing(state: LeaseState, leaseKey: string, entry: KeyEntry, now: number): void {
  if (entry.waiters.size > 0) return;
  const { status } = entry;
  const past = status.is === 'free' || (status.is === 'completed' && status.until <= now);
  if (past && !isRemembered(entry, now)) state.keys.delete(leaseKey);
}

/** A free key whose last outgoing key may have reached the tool with an unknown end (rule 8). */
export const isRemembered = ({ status, tainted, rememberUntil }: KeyEntry, now: number): boolean =>
  status.is === 'free' && tainted && rememberUntil > now;
