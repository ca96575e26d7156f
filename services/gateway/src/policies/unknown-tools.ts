import { unknownTools } from '../http/contract-error.js';
import type { PolicyBody } from './policy.schema.js';

/** Whether policies may name tools that are not registered, from the settings. */
export type UnknownTools = 'accept' | 'refuse';

/** Every tool that a policy as sent names, wherever it does, once. */
export function namedTools(sent: PolicyBody): readonly string[] {
  const { allowed_tools, blocked_tools, max_calls_per_tool, pricing_rules } = sent;
  const priced = (pricing_rules ?? []).map(({ tool }) => tool);
  return [
    ...new Set([
      ...(allowed_tools ?? []),
      ...(blocked_tools ?? []),
      ...Object.keys(max_calls_per_tool ?? {}),
      ...priced,
    ]),
  ];
}

/** @throws ContractError 400 that names those that are not known */
export function mustKnow(tools: readonly string[], isKnown: (tool: string) => boolean): void {
  const unknown = tools.filter((tool) => !isKnown(tool));
  if (unknown.length > 0) throw unknownTools(unknown);
}
