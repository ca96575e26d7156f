import { Bus, systemClock } from '@tollgate/journal';
import { stageService } from '@tollgate/stage';
import { leaseEffects } from './lease-effects.js';
import { LeaseModule } from './lease.module.js';
import { leaseStage } from './lease.stage.js';

export { LeaseController } from './lease.controller.js';
export { leaseEffects } from './lease-effects.js';
export { leaseStage } from './lease.stage.js';

/** Lease: who holds which key. Reads POLICY, BUDGET, DISPATCH, CONFIG and commands in CALLS, writes LEASE. */
export const leaseService = stageService('lease', async ({ settings, logger: log }) => {
  const bus = await Bus.connect(settings.natsUrl, { name: 'tollgate-lease-actions', reconnect: true });
  const { callDeadlineMs } = settings;
  return {
    definition: leaseStage,
    effects: leaseEffects({ bus, clock: systemClock, log, callDeadlineMs }),
    module: LeaseModule.with(settings.plans),
    stop: () => bus.close(),
  };
});
