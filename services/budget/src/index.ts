import { systemClock } from '@tollgate/journal';
import { stageService } from '@tollgate/stage';
import { BudgetModule } from './budget.module.js';
import { budgetStage } from './budget.stage.js';
import { capLooks } from './looks.js';

export { BudgetController } from './budget.controller.js';
export { budgetStage } from './budget.stage.js';
export { capLooks } from './looks.js';

/** Budget: actions, calls and spend against their caps. Reads LEASE and DISPATCH, writes BUDGET. */
export const budgetService = stageService('budget', () => ({
  definition: budgetStage,
  effects: capLooks(systemClock),
  module: BudgetModule,
}));
