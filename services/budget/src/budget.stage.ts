import { failed, failedOutcome } from '@tollgate/events';
import { journalStream } from '@tollgate/journal';
import type { Source, StageDefinition } from '@tollgate/stage';
import {
  agentKey,
  evolveBudget,
  initialBudgetState,
  isOverdue,
  reviveBudget,
  type BudgetState,
} from './budget.state.js';

const journal = (name: 'lease' | 'dispatch'): Source => ({
  name,
  kind: 'journal',
  stream: (partition) => journalStream(name, partition),
});

export const budgetStage: StageDefinition<BudgetState> = {
  name: 'budget',
  sources: [journal('lease'), journal('dispatch')],
  readsConfig: false,
  initial: initialBudgetState,
  evolve: evolveBudget,
  takesOn: 'lease-acquired',
  // Windows end within a day, long before their admissions are purged: nothing is carried.
  keeping: {
    version: 1,
    sizeOf: ({ agents }) => [...agents.values()].reduce((size, { reservations }) => size + reservations.size, 0),
    revive: reviveBudget,
    isBehind: ({ checking }, now) => [...checking.values()].some(({ call }) => isOverdue(call, now)),
  },
  wakeAt: () => undefined,
  // A parked ending leaves the money held; a parked admission ends here (rule 14).
  parked: (state, call, _now, tenant) =>
    state.agents.get(agentKey(tenant, call.agent))?.reservations.has(call.callId) === true
      ? []
      : [failed.draft(tenant, { call, outcome: failedOutcome('internal_error') })],
};
