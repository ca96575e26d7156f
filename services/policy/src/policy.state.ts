import type { TollgateEvent } from '@tollgate/events';

/** CALLS may hold a call twice (a lost ack, a repeat of the broker): the ids of the last hour are known (rule 3). */
const REMEMBERED_MS = 3_600_000;

export interface PolicyState {
  /** Call id → when it was decided, in that order. */
  readonly decided: Map<string, number>;
}

export const initialPolicyState = (): PolicyState => ({ decided: new Map() });

export function evolvePolicy(state: PolicyState, event: TollgateEvent): PolicyState {
  switch (event.type) {
    case 'policy-passed':
    case 'blocked':
    case 'failed':
      state.decided.set(event.data.call.callId, event.at);
      forgetOlder(state, event.at - REMEMBERED_MS);
      return state;
    default:
      return state;
  }
}

function forgetOlder(state: PolicyState, limit: number): void {
  for (const [callId, at] of state.decided) {
    if (at >= limit) return;
    state.decided.delete(callId);
  }
}
