import { agentEnabled } from './agent-enabled.js';
import { allowList } from './allow-list.js';
import { blockList } from './block-list.js';
import type { Denial, Rule, RuleInput } from './rule.js';
import { toolRegistered } from './tool-registered.js';

/** The rules in their order (contract section 3.1). A new rule is one file and one line here. */
export const RULES: readonly Rule[] = [agentEnabled, blockList, allowList, toolRegistered];

export function firstDenial(input: RuleInput): Denial | undefined {
  for (const rule of RULES) {
    const denial = rule(input);
    if (denial !== undefined) return denial;
  }
  return undefined;
}
