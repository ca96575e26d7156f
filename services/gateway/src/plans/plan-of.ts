import type { Plan, Plans } from '@tollgate/events';
import type { CurrentConfig } from '../config/current-config.js';

/** The plan of a tenant, as this gateway knows it. */
export type PlanOf = (tenant: string) => Plan;
export const PLAN_OF = Symbol('the plan of a tenant');

export const planOfTenants =
  (plans: Plans, config: Pick<CurrentConfig, 'state'>): PlanOf =>
  (tenant) =>
    plans.of(config.state.tenants.get(tenant)?.value.plan);
