import { failed, failedOutcome } from '@tollgate/events';
import { callsStream, callsSubject } from '@tollgate/journal';
import type { StageDefinition } from '@tollgate/stage';
import { evolvePolicy, initialPolicyState, type PolicyState } from './policy.state.js';

export const policyStage: StageDefinition<PolicyState> = {
  name: 'policy',
  sources: [
    { name: 'calls', kind: 'calls', stream: callsStream, subject: (partition) => callsSubject(partition, 'policy') },
  ],
  readsConfig: true,
  initial: initialPolicyState,
  evolve: evolvePolicy,
  wakeAt: () => undefined,
  parked: (state, call, _now, tenant) =>
    state.decided.has(call.callId) ? [] : [failed.draft(tenant, { call, outcome: failedOutcome('internal_error') })],
};
