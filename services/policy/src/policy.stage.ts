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
  parked: (state, call, stampMs, tenant) => {
    if (isDecided(state, call.callId)) return [];
    // What it says of its own times cannot be trusted: the broker's stamp can.
    const ended = { ...call, requestedAt: stampMs, deadline: stampMs };
    return [failed.draft(tenant, { call: ended, outcome: failedOutcome('internal_error') })];
  },
};
