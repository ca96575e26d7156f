import { keyCarried, NO_TENANT, payloadSize, type Draft, type PayloadPlace } from '@tollgate/events';
import { isOverdue, type KeyEntry, type LeaseState } from './lease.state.js';

/** Characters of an entry without its result. */
const ENTRY_SIZE = 500;

/** Keys that were first journaled before `before` and still hold, as they are now; their waiters are younger (rule 15). */
export function* carryKeys(state: LeaseState, before: number): Iterable<Draft> {
  for (const [leaseKey, entry] of state.keys) {
    if (entry.since >= before || !stillHolds(entry, before)) continue;
    const { status, dedupHash, claim, tainted, rememberUntil, chargedIn } = entry;
    const settling = state.settling.has(leaseKey);
    const rest = {
      dedupHash,
      ...(claim === undefined ? {} : { claim }),
      tainted,
      rememberUntil,
      settling,
      ...(chargedIn === undefined ? {} : { chargedIn }),
    };
    yield keyCarried.draft(NO_TENANT, { leaseKey, status, ...rest });
  }
}

function stillHolds({ status, tainted, rememberUntil, waiters }: KeyEntry, now: number): boolean {
  if (waiters.size > 0) return true;
  if (status.is === 'free') return tainted && rememberUntil > now;
  return status.is !== 'completed' || status.until > now;
}

/** Small results travel along, and may be larger than everything else that there is about a key. */
export function sizeOfKeys({ keys }: LeaseState): number {
  let size = keys.size;
  for (const { status } of keys.values())
    if (status.is === 'completed') size += payloadSize(status.result) / ENTRY_SIZE;
  return size;
}

/** Results that were too large to travel along: they must stay where they are for as long as a repeat may ask for them. */
export function* resultPlaces(state: LeaseState): Iterable<PayloadPlace> {
  for (const { status } of state.keys.values()) {
    if (status.is === 'completed' && status.result !== undefined && 'place' in status.result) yield status.result.place;
  }
}

/** Something waits that should have been answered, or noted, long ago: only after an outage. */
export function hasOverdue({ waiting, waitingDue, checking, tasks }: LeaseState, now: number): boolean {
  const [refusal] = checking.values();
  const ended = [...tasks.endedHere].map((callId) => tasks.actions.get(callId)?.begunAt);
  return [waiting.size === 0 ? undefined : waitingDue, refusal?.since, ...ended].some(
    (time) => time !== undefined && isOverdue(time, now),
  );
}
