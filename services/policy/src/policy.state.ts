import type { TollgateEvent } from '@tollgate/events';

/** CALLS may hold a call twice (a lost ack, a repeat of the broker): the ids of the last hour are known (rule 3). */
const HOUR_MS = 3_600_000;

/**
 * Ids of one hour and of the one before, by the broker's stamps: two copies of a call lie near each other in CALLS, however
 * late they are read. The older are dropped as a whole, at no cost to the call that comes then.
 */
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
      turnTo(state, hourOf(event.data.call.requestedAt));
      state.decided.add(event.data.call.callId);
      return state;
    case 'journal-kept':
      forget(state, hourOf(event.data.from));
      return state;
    default:
      return state;
  }
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

/** Everything stamped in this hour, and long after it, has been read; nor does half a journal know these ids (rule 15). */
function forget(state: PolicyState, hour: number): void {
  if (state.hour - 1 <= hour) state.decidedBefore = new Set();
  if (state.hour > hour) return;
  state.decided = new Set();
  state.hour = 0;
}

function turnTo(state: PolicyState, hour: number): void {
  if (hour <= state.hour) return;
  state.decidedBefore = hour === state.hour + 1 ? state.decided : new Set();
  state.decided = new Set();
  state.hour = hour;
}
