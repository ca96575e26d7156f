import { failed, failedOutcome, type Draft, type PayloadPlace } from '@tollgate/events';
import { callsStream, callsSubject, journalStream } from '@tollgate/journal';
import type { Source, StageDefinition } from '@tollgate/stage';
import { carryKeys, resultPlaces, hasOverdue, sizeOfKeys } from './keep-keys.js';
import { evolveLease, initialLeaseState, type LeaseState } from './lease.state.js';
import { nextAnswerAt } from './settle.js';
import { nextTaskAt } from './tasks/decide-due.js';
import { carryTasks, sizeOfTasks, taskResultPlaces } from './tasks/keep-tasks.js';

const journal = (name: 'policy' | 'budget' | 'dispatch'): Source => ({
  name,
  kind: 'journal',
  stream: (partition) => journalStream(name, partition),
});

const commands: Source = {
  name: 'calls',
  kind: 'calls',
  stream: callsStream,
  subject: (partition) => callsSubject(partition, 'lease'),
};

export const leaseStage: StageDefinition<LeaseState> = {
  name: 'lease',
  sources: [journal('policy'), journal('budget'), journal('dispatch'), commands],
  // A revoked key is refused by every reader of CALLS (rule 12); and a tenant's plan is configured.
  readsConfig: true,
  initial: initialLeaseState,
  evolve: evolveLease,
  takesOn: 'policy-passed',
  keeping: {
    version: 4,
    sizeOf: (state) => sizeOfKeys(state) + sizeOfTasks(state),
    carry: carryAll,
    isBehind: hasOverdue,
    pointsAt: allPlaces,
  },
  wakeAt: (state) => earlier(nextAnswerAt(state), nextTaskAt(state)),
  // A parked ending leaves the key held and is for an operator; a parked new call ends here (rule 14).
  parked: (state, call, _now, tenant) =>
    isKnown(state, call.callId) ? [] : [failed.draft(tenant, { call, outcome: failedOutcome('internal_error') })],
};

function* carryAll(state: LeaseState, before: number): Iterable<Draft> {
  yield* carryKeys(state, before);
  yield* carryTasks(state, before);
}

function* allPlaces(state: LeaseState): Iterable<PayloadPlace> {
  yield* resultPlaces(state);
  yield* taskResultPlaces(state);
}

const earlier = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

const isKnown = (state: LeaseState, callId: string): boolean =>
  state.waiting.has(callId) || state.holders.has(callId) || state.checking.has(callId);
