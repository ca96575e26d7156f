import { failed, failedOutcome } from '@tollgate/events';
import { callsStream, callsSubject, journalStream } from '@tollgate/journal';
import type { StageDefinition } from '@tollgate/stage';
import { carryCalls, evolveDispatch, initialDispatchState, NEVER, type DispatchState } from './dispatch.state.js';

export const dispatchStage: StageDefinition<DispatchState> = {
  name: 'dispatch',
  sources: [
    { name: 'budget', kind: 'journal', stream: (partition) => journalStream('budget', partition) },
    {
      name: 'calls',
      kind: 'calls',
      stream: callsStream,
      subject: (partition) => callsSubject(partition, 'dispatcher'),
    },
  ],
  readsConfig: true,
  initial: initialDispatchState,
  evolve: evolveDispatch,
  takesOn: 'budget-reserved',
  keeping: { version: 2, sizeOf: ({ calls }) => calls.size, carry: carryCalls },
  wakeAt: (state) => (state.nextDue === NEVER ? undefined : state.nextDue),
  parked: (state, call, _now, tenant) =>
    state.calls.has(call.callId) ? [] : [failed.draft(tenant, { call, outcome: failedOutcome('internal_error') })],
};
