import { policyMode } from '@tollgate/events';
import { z } from 'zod';
import {
  agentId,
  isObject,
  jsonObject,
  list,
  MAX_LIST,
  money,
  toolName,
  withoutNulls,
} from '../http/contract-fields.js';
import { TEMPLATE_NAMES, TEMPLATES } from './templates.js';

const callsPerTool = z.record(toolName, z.int().min(1)).refine((value) => Object.keys(value).length <= MAX_LIST, {
  params: { type: 'too_long' },
  message: `At most ${MAX_LIST} tools`,
});

const fields = z.object({
  agent_id: agentId.nullish(),
  mode: policyMode.nullish(),
  allowed_tools: list(toolName).nullish(),
  blocked_tools: list(toolName).nullish(),
  max_actions_per_hour: z.int().min(0).nullish(),
  max_spend_usd_per_day: money.nullish(),
  max_calls_per_tool: callsPerTool.nullish(),
  pricing_rules: list(z.object({ tool: toolName, price_usd: money })).nullish(),
});

/** A policy as sent: unlike elsewhere, a member that is null is not absent but clears. */
export const policyBody = z.preprocess(keepingTopNulls, fields);
export type PolicyBody = z.output<typeof policyBody>;

/** A template, and what is to be other than it says: a policy as sent, whose nulls clear. */
export const templateBody = z.object({ template: z.enum(TEMPLATE_NAMES), overrides: policyBody.nullish() });
export type TemplateBody = z.output<typeof templateBody>;

/** The policy that a template and its overrides are. */
export const filledIn = ({ template, overrides }: TemplateBody): PolicyBody => ({
  ...TEMPLATES[template],
  ...overrides,
});

/** A call to try, and the policy to try it under, if not the stored one. */
export const testBody = z.preprocess(
  withoutTopNulls,
  z.object({
    tool: toolName,
    args: jsonObject.optional(),
    spend_usd: money.optional(),
    policy: policyBody.optional(),
  }),
);
export type TestBody = z.output<typeof testBody>;

export const policyPath = z.object({ agent_id: agentId });
export type PolicyPath = z.output<typeof policyPath>;

function withoutTopNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

function keepingTopNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutNulls(member)]));
}
