import type { DataOf, Outcome, PassedCall, Payload, TollgateEvent } from '@tollgate/events';
import type { leaseAcquired, leaseSettled } from '@tollgate/events';

/** A repeat that waits for the holder of its key. */
export interface Waiter {
  readonly tenant: string;
  readonly passed: PassedCall;
  readonly trace: string | undefined;
}

/** What a key is: only its holder's ending changes it (rule 8). */
export type KeyStatus =
  | { readonly is: 'free' }
  | { readonly is: 'held'; readonly callId: string; readonly passed: PassedCall }
  | {
      readonly is: 'completed';
      readonly callId: string;
      readonly passed: PassedCall;
      readonly until: number;
      readonly result: Payload | undefined;
    }
  | {
      readonly is: 'in-doubt';
      readonly callId: string;
      readonly passed: PassedCall;
      readonly until: number;
      readonly error: Outcome['error'];
    };

export interface KeyEntry {
  status: KeyStatus;
  readonly waiters: Map<string, Waiter>;
  /** The call that began the current outgoing key; kept while the tool must see the same key again. */
  claim: string | undefined;
  /** An attempt under the current outgoing key was unknown, and no end is known since. */
  tainted: boolean;
  /** When a free but tainted key may be forgotten, ms since the epoch. */
  rememberUntil: number;
}

export interface LeaseState {
  readonly keys: Map<string, KeyEntry>;
  /** Holder, of a held key or one in doubt → its key. */
  readonly holders: Map<string, string>;
  /** Waiting call → its key, oldest first. */
  readonly waiting: Map<string, { readonly leaseKey: string; readonly deadline: number }>;
  /** Keys whose holder ended and whose waiters are still to be answered, a bounded number at a time. */
  readonly settling: Set<string>;
  /** Events since the last sweep of entries that no longer matter. */
  unswept: number;
}

const SWEEP_EVERY = 1_000;
/** After an unknown attempt the tool sees the same key again for so long (rule 8). */
const TAINT_REMEMBERED_MS = 30 * 24 * 3_600_000;

export const initialLeaseState = (): LeaseState => ({
  keys: new Map(),
  holders: new Map(),
  waiting: new Map(),
  settling: new Set(),
  unswept: 0,
});

export function evolveLease(state: LeaseState, event: TollgateEvent): LeaseState {
  switch (event.type) {
    case 'lease-acquired':
      acquired(state, event.data);
      break;
    case 'lease-waiting': {
      const { leaseKey, ...passed } = event.data;
      const { callId, deadline } = passed.call;
      entryOf(state, leaseKey).waiters.set(callId, { tenant: event.tenant, passed, trace: event.trace });
      state.waiting.set(callId, { leaseKey, deadline });
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
    case 'failed':
      stopsWaiting(state, event.data.call.callId);
      break;
    default:
      return state;
  }
  sweep(state, event.at);
  return state;
}

export function entryOf(state: LeaseState, leaseKey: string): KeyEntry {
  const known = state.keys.get(leaseKey);
  if (known !== undefined) return known;
  const entry: KeyEntry = {
    status: { is: 'free' },
    waiters: new Map(),
    claim: undefined,
    tainted: false,
    rememberUntil: 0,
  };
  state.keys.set(leaseKey, entry);
  return entry;
}

function acquired(state: LeaseState, data: DataOf<typeof leaseAcquired>): void {
  const { grant, claim, ...passed } = data;
  const { callId } = passed.call;
  stopsWaiting(state, callId);
  const entry = entryOf(state, grant.leaseKey);
  entry.status = { is: 'held', callId, passed };
  entry.claim = claim;
  state.holders.set(callId, grant.leaseKey);
  state.settling.delete(grant.leaseKey);
}

function settled(state: LeaseState, data: DataOf<typeof leaseSettled>, at: number): void {
  const entry = state.keys.get(data.leaseKey);
  if (entry === undefined || entry.status.is === 'free' || entry.status.is === 'completed') return;
  const { passed } = entry.status;
  const { callId, how } = data;
  if (how.state !== 'in-doubt') state.holders.delete(callId);
  switch (how.state) {
    case 'completed':
      entry.status = { is: 'completed', callId, passed, until: how.until, result: how.result };
      forgetClaim(entry);
      break;
    case 'in-doubt':
      entry.status = { is: 'in-doubt', callId, passed, until: how.until, error: how.error };
      entry.tainted = true;
      break;
    case 'free':
      entry.status = { is: 'free' };
      if (entry.tainted) entry.rememberUntil = at + TAINT_REMEMBERED_MS;
      else forgetClaim(entry);
      break;
  }
  if (entry.waiters.size > 0) state.settling.add(data.leaseKey);
  else forgetIfNothing(state, data.leaseKey, entry, at);
}

/** An end is known: the next call of this key is a new one to the tool. */
function forgetClaim(entry: KeyEntry): void {
  entry.claim = undefined;
  entry.tainted = false;
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
  if (++state.unswept < SWEEP_EVERY) return;
  state.unswept = 0;
  for (const [leaseKey, entry] of state.keys) forgetIfNothing(state, leaseKey, entry, now);
}

function forgetIfNothing(state: LeaseState, leaseKey: string, entry: KeyEntry, now: number): void {
  if (entry.waiters.size > 0) return;
  const { status } = entry;
  const past = status.is === 'free' || (status.is === 'completed' && status.until <= now);
  const remembered = entry.tainted && entry.rememberUntil > now;
  if (past && !remembered) state.keys.delete(leaseKey);
}
