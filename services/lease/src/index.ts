import { stageService } from '@tollgate/stage';
import { LeaseModule } from './lease.module.js';
import { leaseStage } from './lease.stage.js';

export { LeaseController } from './lease.controller.js';
export { leaseStage } from './lease.stage.js';

/** Lease: who holds which key. Reads POLICY, BUDGET and DISPATCH, writes LEASE. */
export const leaseService = stageService('lease', () => ({ definition: leaseStage, module: LeaseModule }));
