import type { Clock } from '@tollgate/journal';
import { RefusalLooks } from '@tollgate/stage';
import type { LeaseState } from '../lease.state.js';

/** What seems to exceed its tenant's credits waits for what was given back (rule 11). */
export const creditLooks = (clock: Clock): RefusalLooks<LeaseState> =>
  new RefusalLooks({
    clock,
    sources: ['budget', 'dispatch'],
    waiting: ({ checking }) => checking,
    asks: (event) => (event.type === 'credits-checking' ? event.data.id : undefined),
  });
