import { DEFAULT_PLANS, Plans, type Plan } from '@tollgate/events';
import type { Scenario } from './scenario.js';

/** The plan of tenants that stop at few credits. */
export const FEW = 'few';

/** The plan table of a run. */
export function plansOf({ credits }: Pick<Scenario, 'credits'>): Plans {
  const known = new Plans(DEFAULT_PLANS, 'unlimited');
  if (credits === undefined) return known;
  const few: Plan = { ...known.of('agency'), name: FEW, credits, stopsAtCredits: true };
  return new Plans([...DEFAULT_PLANS, few], 'unlimited');
}
