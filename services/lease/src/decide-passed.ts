import {
  deduplicated,
  failed,
  failedOutcome,
  leaseAcquired,
  leaseWaiting,
  refusedOutcome,
  unknownOutcome,
  type Draft,
  type PassedCall,
} from '@tollgate/events';
import { outgoingKey } from '@tollgate/sealing';
import { leaseKeyOf } from './lease-key.js';
import type { KeyEntry, KeyStatus, LeaseState } from './lease.state.js';

/** A call that policy let pass: it takes its key, waits for the holder, or gets the result of the completed one. */
export function decidePassed(state: LeaseState, tenant: string, passed: PassedCall, now: number): readonly Draft[] {
  const { call, terms } = passed;
  if (now >= call.deadline) return [failed.draft(tenant, { call, outcome: failedOutcome('expired') })];
  const leaseKey = leaseKeyOf(tenant, call, terms);
  const entry = state.keys.get(leaseKey);
  const status = currentStatus(entry, now);
  const first = status.is === 'free' ? firstWaiting(entry) : status.passed;
  if (first !== undefined && first.terms.dedupHash !== terms.dedupHash) {
    return [failed.draft(tenant, { call, outcome: refusedOutcome('idempotency_key_reused') })];
  }
  switch (status.is) {
    case 'free':
      // Those that wait already come first: the key is being handed over.
      if (first !== undefined) return [leaseWaiting.draft(tenant, { ...passed, leaseKey })];
      return [acquire(tenant, passed, leaseKey, entry)];
    case 'held':
      return [leaseWaiting.draft(tenant, { ...passed, leaseKey })];
    case 'completed':
    case 'in-doubt':
      return [repeatOf(tenant, passed, status)];
  }
}

/** Who waits for a free key takes it over soon; later calls join only with the same arguments. */
function firstWaiting(entry: KeyEntry | undefined): PassedCall | undefined {
  const [first] = entry?.waiters.values() ?? [];
  return first?.passed;
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
export function acquire(
  tenant: string,
  passed: PassedCall,
  leaseKey: string,
  entry: KeyEntry | undefined,
  trace?: string,
): Draft {
  const { call, terms } = passed;
  const claim = entry?.tainted === true && entry.claim !== undefined ? entry.claim : call.callId;
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
