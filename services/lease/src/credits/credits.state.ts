import type { CreditKind, MonthUsage } from '@tollgate/events';

/** Credits of a tenant's current month, and when the first event that they are made of was journaled (rule 15). */
export interface KnownUsage {
  readonly usage: MonthUsage;
  readonly since: number;
}

/** By tenant (contract section 7). */
export type CreditsState = Map<string, KnownUsage>;

/** `YYYY-MM`, UTC. */
export const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

export function usageIn(state: CreditsState, tenant: string, month: string): MonthUsage {
  const usage = state.get(tenant)?.usage;
  return usage?.month === month ? usage : { month, make: 0, ai: 0 };
}

/** Uses `count` credits in the month of `at`. */
export function use(state: CreditsState, tenant: string, kind: CreditKind, at: number, count: number): void {
  if (count === 0) return;
  const month = monthOf(at);
  const known = state.get(tenant);
  const usage = usageIn(state, tenant, month);
  const since = known?.usage.month === month ? known.since : at;
  state.set(tenant, { usage: { ...usage, [kind]: usage[kind] + count }, since });
}

/** Gives one back that was charged in a month; what was used in another month is past. */
export function giveBack(state: CreditsState, tenant: string, kind: CreditKind, month: string | undefined): void {
  const known = state.get(tenant);
  if (known === undefined || known.usage.month !== month || known.usage[kind] === 0) return;
  state.set(tenant, { ...known, usage: { ...known.usage, [kind]: known.usage[kind] - 1 } });
}
