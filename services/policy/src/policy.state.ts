import type { TollgateEvent } from '@tollgate/events';

/** CALLS may hold a call twice (a lost ack, a repeat of the broker): the ids of the last hour are known (rule 3). */
const REMEMBERED_MS = 3_600_000;

/** Ids in two generations, each of an hour: the older is dropped as a whole, at no cost to the call that comes then. */
export interface PolicyState {
  decided: Set<string>;
  decidedBefore: Set<string>;
  /** When `decided` began, ms since the epoch. */
  since: number;
}

export const initialPolicyState = (): PolicyState => ({ decided: new Set(), decidedBefore: new Set(), since: 0 });

export const isDecided = ({ decided, decidedBefore }: PolicyState, callId: string): boolean =>
  decided.has(callId) || decidedBefore.has(callId);

export function evolvePolicy(state: PolicyState, event: TollgateEvent): PolicyState {
  switch (event.type) {
    case 'policy-passed':
    case 'blocked':
    case 'failed':
      if (event.at - state.since > REMEMBERED_MS) nextGeneration(state, event.at);
      state.decided.add(event.data.call.callId);
      return state;
    default:
      return state;
  }
}

function nextGeneration(state: PolicyState, at: number): void {
  state.decidedBefore = state.decided;
  state.decided = new Set();
  state.since = at;
}
