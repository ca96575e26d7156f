import type { TollgateEvent } from '@tollgate/events';

/** CALLS may hold a call twice (a lost ack, a repeat of the broker): the ids of the last hour are known (rule 3). */
const HOUR_MS = 3_600_000;

/** Ids of this hour of the clock and of the one before: the older are dropped as a whole, at no cost to the call that comes then. */
export interface PolicyState {
  decided: Set<string>;
  decidedBefore: Set<string>;
  /** Hours since the epoch. */
  hour: number;
}

export const initialPolicyState = (): PolicyState => ({ decided: new Set(), decidedBefore: new Set(), hour: 0 });

export const isDecided = ({ decided, decidedBefore }: PolicyState, callId: string): boolean =>
  decided.has(callId) || decidedBefore.has(callId);

export function evolvePolicy(state: PolicyState, event: TollgateEvent): PolicyState {
  switch (event.type) {
    case 'policy-passed':
    case 'blocked':
    case 'failed':
      turnTo(state, Math.floor(event.at / HOUR_MS));
      state.decided.add(event.data.call.callId);
      return state;
    case 'journal-kept':
      turnTo(state, Math.floor(event.at / HOUR_MS));
      return state;
    default:
      return state;
  }
}

function turnTo(state: PolicyState, hour: number): void {
  if (hour <= state.hour) return;
  state.decidedBefore = hour === state.hour + 1 ? state.decided : new Set();
  state.decided = new Set();
  state.hour = hour;
}
