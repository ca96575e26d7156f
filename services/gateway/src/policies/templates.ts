import type { PolicyBody } from './policy.schema.js';

/** Numbers only: a template says nothing of tools, so it takes no list away (contract section 4). */
export const TEMPLATES = {
  strict: { max_actions_per_hour: 50, max_spend_usd_per_day: 2 },
  moderate: { max_actions_per_hour: 200, max_spend_usd_per_day: 10 },
  permissive: { max_actions_per_hour: 1_000, max_spend_usd_per_day: 50 },
  read_only: { max_actions_per_hour: 200, max_spend_usd_per_day: 0 },
  support_bot: { max_actions_per_hour: 500, max_spend_usd_per_day: 10 },
} as const satisfies Record<string, PolicyBody>;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as [TemplateName, ...TemplateName[]];
