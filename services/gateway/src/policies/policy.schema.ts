import { z } from 'zod';
import { agentId, isObject, list, MAX_LIST, money, toolName, withoutNulls } from '../http/contract-fields.js';

const callsPerTool = z.record(toolName, z.int().min(1)).refine((value) => Object.keys(value).length <= MAX_LIST, {
  params: { type: 'too_long' },
  message: `At most ${MAX_LIST} tools`,
});

const fields = z.object({
  agent_id: agentId.nullish(),
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

export const policyPath = z.object({ agent_id: agentId });
export type PolicyPath = z.output<typeof policyPath>;

function keepingTopNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutNulls(member)]));
}
