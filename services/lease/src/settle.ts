import {
  failed,
  failedOutcome,
  leaseAcquired,
  leaseSettled,
  passOn,
  type DataOf,
  type Draft,
  type EndingEvent,
  type EventOf,
  type PassedCall,
  type Payload,
  type settlementAnswered,
  type PayloadPlace,
  type Plan,
} from '@tollgate/events';
import { admit, repeatOf } from './decide-passed.js';
import { isOwnKey, windowMs } from './lease-key.js';
import type { KeyEntry, LeaseState, Waiter } from './lease.state.js';
import { settledAction, unreadableAction } from './tasks/ended-action.js';
import { actionHasEnded } from './tasks/jobs.js';
import { NEVER, toolOfAction } from './tasks/tasks.state.js';

type How = DataOf<typeof leaseSettled>['how'];

/** Waiters answered by one decision: a key may have thousands, each with a result of 8 KB, and an append is bounded. */
const ANSWERED_AT_ONCE = 32;

/** The ending of a call changes its key only when the call holds it: nobody's late ending frees another's (rule 8). */
export function settle(state: LeaseState, event: EndingEvent, place: PayloadPlace | undefined): readonly Draft[] {
  const { call } = event.data;
  const leaseKey = state.holders.get(call.callId);
  const entry = leaseKey === undefined ? undefined : state.keys.get(leaseKey);
  if (leaseKey === undefined || entry === undefined || !ends(entry, call.callId, event.type)) return [];
  const how = howItEnded(entry, event, leaseKey, place);
  return [leaseSettled.draft(event.tenant, { leaseKey, callId: call.callId, how })];
}

/** Nobody resolved an in-doubt call: the dispatcher ended its hold. A job that could not read its end waits no more. */
export function settleHold(state: LeaseState, tenant: string, callId: string, now: number): readonly Draft[] {
  const ofJob = actionHasEnded(state, unreadableAction(toolOfAction(state.tasks, callId), callId), now);
  const leaseKey = state.holders.get(callId);
  const entry = leaseKey === undefined ? undefined : state.keys.get(leaseKey);
  if (leaseKey === undefined || entry === undefined || !ends(entry, callId, 'resolved')) return ofJob;
  return [leaseSettled.draft(tenant, { leaseKey, callId, how: freed(entry) }), ...ofJob];
}

/**
 * An operator says how a call ended whose end this stage could not read: its key is let go by that, and a job that waits
 * for it goes on (rule 14).
 */
export function settleParked(
  state: LeaseState,
  { tenant, data }: EventOf<typeof settlementAnswered>,
  now: number,
): readonly Draft[] {
  const { callId = '', says, answer } = data;
  if (answer !== 'settled' || says === 'nothing') return [];
  const ofJob = actionHasEnded(state, settledAction(toolOfAction(state.tasks, callId), callId, says), now);
  const leaseKey = state.holders.get(callId);
  const entry = leaseKey === undefined ? undefined : state.keys.get(leaseKey);
  if (leaseKey === undefined || entry === undefined || !ends(entry, callId, 'resolved')) return ofJob;
  const how = says === 'executed' ? executedAt(entry, leaseKey, now) : freed(entry);
  return [leaseSettled.draft(tenant, { leaseKey, callId, how }), ...ofJob];
}

/** A held key is ended by any ending of its holder, its resolution too where its ending was parked; one in doubt by that only. */
function ends({ status }: KeyEntry, callId: string, type: EndingEvent['type']): boolean {
  if (status.is === 'held') return status.callId === callId;
  return status.is === 'in-doubt' && status.callId === callId && type === 'resolved';
}

function howItEnded(entry: KeyEntry, event: EndingEvent, leaseKey: string, place: PayloadPlace | undefined): How {
  const { outcome } = event.data;
  if (event.type === 'in-doubt') return { state: 'in-doubt', until: event.data.heldUntil, error: outcome.error };
  if (outcome.decision !== 'executed') return freed(entry);
  const result = outcome.result === undefined ? {} : { result: passOn(outcome.result, place) };
  return executedAt(entry, leaseKey, event.at, result);
}

/** The key deduplicates for its window, from the end on; one that is a call's own is free. */
function executedAt({ status }: KeyEntry, leaseKey: string, at: number, result: { result?: Payload } = {}): How {
  if (isOwnKey(leaseKey) || !('terms' in status)) return { state: 'free' };
  return { state: 'completed', until: at + windowMs(status.terms), ...result };
}

/** Nothing was executed: its credit is given back (rule 11). */
const freed = ({ chargedIn }: KeyEntry): How => ({
  state: 'free',
  ...(chargedIn === undefined ? {} : { givesBack: chargedIn }),
});

/**
 * Answers the waiters of keys whose holder ended, a bounded number at a time: with the result, with the same unknown, or,
 * where the key is free, the first whose client still waits takes over and the others go on waiting for it (rule 9).
 */
export function answerWaiters(state: LeaseState, now: number, planOf: PlanOf): readonly Draft[] {
  const drafts: Draft[] = [];
  for (const leaseKey of state.settling) {
    const entry = state.keys.get(leaseKey);
    const most = ANSWERED_AT_ONCE - drafts.length;
    if (entry !== undefined) drafts.push(...answersOf(state, leaseKey, entry, { now, planOf, most, before: drafts }));
    if (drafts.length >= ANSWERED_AT_ONCE) break;
  }
  return drafts.length > 0 ? drafts : expireWaiters(state, now);
}

/** The plan of a tenant. */
export type PlanOf = (tenant: string) => Plan;

interface Answering {
  readonly now: number;
  readonly planOf: PlanOf;
  readonly most: number;
  /** What the same decision has said already: none of it is folded yet. */
  readonly before: readonly Draft[];
}

const admits =
  (tenant: string) =>
  (draft: Draft): boolean =>
    draft.type === leaseAcquired.type && draft.tenant === tenant;

function answersOf(
  state: LeaseState,
  leaseKey: string,
  entry: KeyEntry,
  { now, planOf, most, before }: Answering,
): readonly Draft[] {
  const drafts: Draft[] = [];
  const { status } = entry;
  for (const waiter of entry.waiters.values()) {
    if (drafts.length >= most) break;
    const tenant = waiter.tenant;
    if (status.is === 'completed' || status.is === 'in-doubt') {
      drafts.push(repeatOf(tenant, waiter.passed, status, waiter.trace));
    } else if (hasGivenUp(waiter.passed, now)) {
      drafts.push(expired(waiter));
    } else {
      const admission = { now, plan: planOf(tenant), beside: before.filter(admits(tenant)).length };
      drafts.push(admit(state, tenant, waiter.passed, leaseKey, entry, admission, waiter.trace));
      break;
    }
  }
  return drafts;
}

/** No call outlives its deadline, a waiting one neither (rule 5). */
function expireWaiters(state: LeaseState, now: number): readonly Draft[] {
  if (state.waiting.size === 0 || state.waitingDue > now) return [];
  const drafts: Draft[] = [];
  let due = NEVER;
  for (const [callId, { leaseKey, deadline }] of state.waiting) {
    if (deadline > now) {
      due = Math.min(due, deadline);
      continue;
    }
    if (drafts.length >= ANSWERED_AT_ONCE) {
      due = now;
      break;
    }
    const waiter = state.keys.get(leaseKey)?.waiters.get(callId);
    if (waiter !== undefined) drafts.push(expired(waiter));
  }
  // Not part of what is folded: only a bound on when to look again.
  state.waitingDue = due;
  return drafts;
}

/** Its client waits no more, or the call has passed its deadline. */
export const hasGivenUp = ({ call }: PassedCall, now: number): boolean =>
  Math.min(call.waitUntil, call.deadline) <= now;

const expired = ({ tenant, passed, trace }: Waiter): Draft =>
  failed.draft(tenant, { call: passed.call, outcome: failedOutcome('expired') }, trace);

/** When waiters must be looked at next. */
export function nextAnswerAt(state: LeaseState): number | undefined {
  if (state.settling.size > 0) return 0;
  return state.waiting.size === 0 ? undefined : state.waitingDue;
}
