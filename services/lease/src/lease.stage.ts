import { failed, failedOutcome } from '@tollgate/events';
import { journalStream } from '@tollgate/journal';
import type { Source, StageDefinition } from '@tollgate/stage';
import { carryKeys, resultPlaces, hasOverdue, sizeOfKeys } from './keep-keys.js';
import { evolveLease, initialLeaseState, type LeaseState } from './lease.state.js';
import { nextAnswerAt } from './settle.js';

const journal = (name: 'policy' | 'budget' | 'dispatch'): Source => ({
  name,
  kind: 'journal',
  stream: (partition) => journalStream(name, partition),
});

export const leaseStage: StageDefinition<LeaseState> = {
  name: 'lease',
  sources: [journal('policy'), journal('budget'), journal('dispatch')],
  readsConfig: false,
  initial: initialLeaseState,
  evolve: evolveLease,
  takesOn: 'policy-passed',
  keeping: {
    version: 1,
    sizeOf: sizeOfKeys,
    carry: carryKeys,
    isBehind: hasOverdue,
    pointsAt: resultPlaces,
  },
  wakeAt: nextAnswerAt,
  // A parked ending leaves the key held and is for an operator; a parked new call ends here (rule 14).
  parked: (state, call, _now, tenant) =>
    isKnown(state, call.callId) ? [] : [failed.draft(tenant, { call, outcome: failedOutcome('internal_error') })],
};

const isKnown = (state: LeaseState, callId: string): boolean => state.waiting.has(callId) || state.holders.has(callId);
