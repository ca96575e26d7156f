import type { Clock } from '@tollgate/journal';
import { RefusalLooks } from '@tollgate/stage';
import type { BudgetState } from './budget.state.js';

/** Calls that seem to pass a cap wait for what was given back (rule 11). */
export const capLooks = (clock: Clock): RefusalLooks<BudgetState> =>
  new RefusalLooks({
    clock,
    sources: ['lease', 'dispatch'],
    waiting: ({ checking }) => checking,
    asks: (event) => (event.type === 'cap-checking' ? event.data.call.callId : undefined),
  });
