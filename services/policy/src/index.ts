import { stageService } from '@tollgate/stage';
import { PolicyModule } from './policy.module.js';
import { policyStage } from './policy.stage.js';

export type { PolicySettings } from './decide-call.js';
export { PolicyController } from './policy.controller.js';
export { policyStage } from './policy.stage.js';

/** Policy: the rules. Reads CALLS and CONFIG, writes POLICY. */
export const policyService = stageService('policy', ({ settings }) => ({
  definition: policyStage,
  module: PolicyModule.with(settings),
}));
