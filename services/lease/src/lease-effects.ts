import type { TollgateEvent } from '@tollgate/events';
import type { Owner, StageEffects } from '@tollgate/stage';
import { creditLooks } from './credits/looks.js';
import type { LeaseState } from './lease.state.js';
import { JobActions, type JobActionsOptions } from './tasks/job-actions.js';

/** Everything that this stage does besides deciding. */
export function leaseEffects(options: JobActionsOptions): StageEffects<LeaseState> {
  const parts = [creditLooks(options.clock), new JobActions(options)];
  return {
    owning: (owner: Owner<LeaseState>) => {
      for (const part of parts) part.owning(owner);
    },
    committed: (event: TollgateEvent, owner: Owner<LeaseState>) => {
      for (const part of parts) part.committed(event, owner);
    },
  };
}
