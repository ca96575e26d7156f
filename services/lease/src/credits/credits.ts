import type { CreditKind, Credits, Plan } from '@tollgate/events';
import { monthOf, usageIn, type CreditsState } from './credits.state.js';

/** What an answer says of credits, once `charged` of them are used. */
export function creditsAfter(
  state: CreditsState,
  tenant: string,
  plan: Plan,
  kind: CreditKind,
  now: number,
  charged: number,
): Credits {
  const usage = usageIn(state, tenant, monthOf(now))[kind] + charged;
  return { plan: plan.name, usage, limit: plan.credits[kind], charged };
}

/** At its limit a plan that stops refuses what would be charged (contract section 7); `beside` it so many are charged by now. */
export function mayCharge(
  state: CreditsState,
  tenant: string,
  plan: Plan,
  kind: CreditKind,
  now: number,
  beside = 0,
): boolean {
  const limit = plan.credits[kind];
  if (!plan.stopsAtCredits || limit === 0) return true;
  return usageIn(state, tenant, monthOf(now))[kind] + beside < limit;
}
