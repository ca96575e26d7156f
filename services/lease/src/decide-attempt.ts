import { keyTainted, type attemptEnded, type Draft, type EventOf } from '@tollgate/events';
import type { LeaseState } from './lease.state.js';

/** An attempt of the key's holder is unknown: from now on the tool sees the same outgoing key again (rule 8). */
export function decideAttempt(state: LeaseState, { tenant, data }: EventOf<typeof attemptEnded>): readonly Draft[] {
  const { callId } = data.call;
  const leaseKey = state.holders.get(callId);
  if (data.known !== 'unknown' || leaseKey === undefined) return [];
  return [keyTainted.draft(tenant, { leaseKey, callId })];
}
