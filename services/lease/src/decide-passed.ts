import {
  blocked,
  blockedOutcome,
  creditsChecking,
  deduplicated,
  failed,
  failedOutcome,
  leaseAcquired,
  leaseWaiting,
  refusedOutcome,
  unknownOutcome,
  type Draft,
  type PassedCall,
  type Plan,
} from '@tollgate/events';
import { outgoingKey } from '@tollgate/sealing';
import { creditsAfter, mayCharge } from './credits/credits.js';
import { leaseKeyOf } from './lease-key.js';
import { isRemembered, type KeyEntry, type KeyStatus, type LeaseState } from './lease.state.js';

/** A call that policy let pass: it takes its key, waits for the holder, or gets the result of the completed one. */
export function decidePassed(
  state: LeaseState,
  tenant: string,
  passed: PassedCall,
  { now, plan, looked = false }: Admission,
): readonly Draft[] {
  const { call, terms } = passed;
  if (now >= call.deadline) return [failed.draft(tenant, { call, outcome: failedOutcome('expired') })];
  const leaseKey = leaseKeyOf(tenant, call, terms);
  const entry = state.keys.get(leaseKey);
  const status = currentStatus(entry, now);
  if (isBound(entry, status, now) && entry?.dedupHash !== terms.dedupHash) {
    return [failed.draft(tenant, { call, outcome: refusedOutcome('idempotency_key_reused') })];
  }
  switch (status.is) {
    case 'free':
      // Those that wait already come first: the key is being handed over. What is back from its look was before them: sent
      // behind them, all who wait would look and wait by turns, and none would ever be decided.
      if (entry !== undefined && entry.waiters.size > 0 && !state.checking.has(call.callId)) {
        return [leaseWaiting.draft(tenant, { ...passed, leaseKey })];
      }
      return [admit(state, tenant, passed, leaseKey, entry, { now, plan, looked })];
    case 'held':
      return [leaseWaiting.draft(tenant, { ...passed, leaseKey })];
    case 'completed':
    case 'in-doubt':
      return [repeatOf(tenant, passed, status)];
  }
}

/** What a call that nobody holds up is admitted by. */
export interface Admission {
  readonly now: number;
  readonly plan: Plan;
  /** What was given back until now is known: a refusal is final (rule 11). */
  readonly looked?: boolean;
  /** Calls of the tenant that the same decision has admitted before. */
  readonly beside?: number;
}

/** The call takes its key where its tenant's credits allow it (contract sections 3.1 and 7). */
export function admit(
  state: LeaseState,
  tenant: string,
  passed: PassedCall,
  leaseKey: string,
  entry: KeyEntry | undefined,
  { now, plan, looked = false, beside = 0 }: Admission,
  trace?: string,
): Draft {
  if (mayCharge(state.credits, tenant, plan, 'ai', now, beside))
    return acquire(tenant, passed, leaseKey, entry, now, trace);
  const { call } = passed;
  if (!looked) return creditsChecking.draft(tenant, { id: call.callId, passed }, trace);
  const { plan: name, usage, limit } = creditsAfter(state.credits, tenant, plan, 'ai', now, 0);
  const outcome = { ...blockedOutcome('payment_required'), credits: { plan: name, usage, limit } };
  return blocked.draft(tenant, { call, outcome }, trace);
}

/** True while the key stands for certain arguments, by its call, by those that wait, or by what the tool may have seen. */
function isBound(entry: KeyEntry | undefined, status: KeyStatus, now: number): boolean {
  if (entry === undefined) return false;
  return status.is !== 'free' || entry.waiters.size > 0 || isRemembered(entry, now);
}

/** A completed key is free again once its window is over. */
function currentStatus(entry: KeyEntry | undefined, now: number): KeyStatus {
  if (entry === undefined) return { is: 'free' };
  const { status } = entry;
  return status.is === 'completed' && status.until <= now ? { is: 'free' } : status;
}

/**
 * Gives the key to a call. The tool sees a new outgoing key, unless an attempt under the last one is still unknown:
 * then it sees that one again (rule 8).
 */
function acquire(
  tenant: string,
  passed: PassedCall,
  leaseKey: string,
  entry: KeyEntry | undefined,
  now: number,
  trace?: string,
): Draft {
  const { call, terms } = passed;
  const claim = (entry !== undefined && isRemembered(entry, now) ? entry.claim : undefined) ?? call.callId;
  const { agent, tool } = call;
  const key = outgoingKey({ tenant, agent, tool, scope: terms.scope, dedupKey: leaseKey, claim });
  return leaseAcquired.draft(tenant, { ...passed, grant: { leaseKey, outgoingKey: key }, claim }, trace);
}

/** The answer to a repeat whose first call has ended, as completed or in doubt. */
export function repeatOf(
  tenant: string,
  { call }: PassedCall,
  status: Extract<KeyStatus, { is: 'completed' | 'in-doubt' }>,
  trace?: string,
): Draft {
  if (status.is === 'in-doubt') {
    const { code, status: http } = status.error ?? { code: 'connection_lost' as const, status: null };
    const outcome = { ...unknownOutcome(code, http, 0), originalCallId: status.callId };
    return failed.draft(tenant, { call, outcome }, trace);
  }
  const outcome = {
    decision: 'dedup' as const,
    reason: 'tool_idempotency' as const,
    spend: 0,
    originalCallId: status.callId,
    ...(status.result === undefined ? {} : { result: status.result }),
  };
  return deduplicated.draft(tenant, { call, outcome }, trace);
}
