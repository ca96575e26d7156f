import { systemClock } from '@tollgate/journal';
import { stageService } from '@tollgate/stage';
import { BudgetModule } from './budget.module.js';
import { budgetStage } from './budget.stage.js';
import { Looks } from './looks.js';

export { BudgetController } from './budget.controller.js';
export { budgetStage } from './budget.stage.js';
export { Looks } from './looks.js';

/** Budget: actions, calls and spend against their caps. Reads LEASE and DISPATCH, writes BUDGET. */
export const budgetService = stageService('budget', () => ({
  definition: budgetStage,
  effects: new Looks(systemClock),
  module: BudgetModule,
}));
