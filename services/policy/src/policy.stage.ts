import { failed, failedOutcome } from '@tollgate/events';
import { callsStream, callsSubject } from '@tollgate/journal';
import type { StageDefinition } from '@tollgate/stage';
import { evolvePolicy, initialPolicyState, isDecided, type PolicyState } from './policy.state.js';

export const policyStage: StageDefinition<PolicyState> = {
  name: 'policy',
  sources: [
    { name: 'calls', kind: 'calls', stream: callsStream, subject: (partition) => callsSubject(partition, 'policy') },
  ],
  readsConfig: true,
  initial: initialPolicyState,
  evolve: evolvePolicy,
  takesOn: 'requested',
  keeping: { version: 1, sizeOf: ({ decided, decidedBefore }) => decided.size + decidedBefore.size },
  wakeAt: () => undefined,
  parked: (state, call, now, tenant) => {
    if (isDecided(state, call.callId)) return [];
    // Nobody has read the broker's stamp: the call's times are those of its end.
    const ended = { ...call, requestedAt: now, deadline: now };
    return [failed.draft(tenant, { call: ended, outcome: failedOutcome('internal_error') })];
  },
};
