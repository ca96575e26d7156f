import { DEFAULT_PLANS, type Plan } from '@tollgate/events';

/** The table of plans as docs/policies.md shows it, made from the plans themselves. */
export const PLAN_ROWS: readonly (readonly string[])[] = DEFAULT_PLANS.map((plan) => [
  `\`${plan.name}\``,
  yesNo(plan.caps),
  yesNo(plan.pricing),
  yesNo(plan.agents),
  amount(plan.maxTools),
  `${duration(plan.ttlSec.default)} / ${duration(plan.ttlSec.most)}`,
  credits(plan),
  plan.stopsAtCredits ? '402' : 'goes on',
]);

function credits({ credits: { make, ai } }: Plan): string {
  return `${amount(make)} / ${amount(ai)}`;
}

function yesNo(has: boolean): string {
  return has ? 'yes' : 'no';
}

function amount(most: number): string {
  return most === 0 ? 'unlimited' : most.toLocaleString('en-US');
}

/** Up to a day in hours, as the contract has it. */
function duration(sec: number): string {
  if (sec < 3_600) return `${sec} s`;
  return sec <= 86_400 ? `${sec / 3_600} h` : `${sec / 86_400} d`;
}
