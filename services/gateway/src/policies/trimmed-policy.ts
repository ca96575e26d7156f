import type { Plan } from '@tollgate/events';
import type { PolicyBody } from './policy.schema.js';

const CAPS = ['max_actions_per_hour', 'max_spend_usd_per_day', 'max_calls_per_tool'] as const;
const PRICING = ['pricing_rules'] as const;

/** What a tenant sends above its plan is not taken, and nobody is told (contract section 9); what clears a member is. */
export function trimmedTo({ caps, pricing }: Pick<Plan, 'caps' | 'pricing'>, sent: PolicyBody): PolicyBody {
  const above: readonly string[] = [...(caps ? [] : CAPS), ...(pricing ? [] : PRICING)];
  return Object.fromEntries(Object.entries(sent).filter(([member, value]) => !above.includes(member) || clears(value)));
}

/** `null`, and a list or table of nothing. */
const clears = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);
