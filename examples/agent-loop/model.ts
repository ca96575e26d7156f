import type { Outcome } from './tollgate.ts';

export interface Action {
  readonly tool: string;
  readonly args: object;
  readonly spendUsd?: number;
}

export interface Observation {
  readonly action: Action;
  readonly outcome: Outcome;
}

const charge = (amount_usd: number): Action => ({
  tool: 'payments.charge',
  args: { customer: 'cus_42', amount_usd },
  spendUsd: amount_usd,
});

/**
 * Stands for your language model: what to do next, having seen what came of everything until now; undefined when it is
 * finished. This one has three charges in mind, the second of which is more than anybody allows it.
 */
export function nextAction(seen: readonly Observation[]): Action | undefined {
  return [charge(12), charge(5_000), charge(7)][seen.length];
}
