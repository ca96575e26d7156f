import type { Reason } from '@tollgate/events';
import { agentEnabled } from './agent-enabled.js';
import { allowList } from './allow-list.js';
import { blockList } from './block-list.js';
import type { Denial, Rule, RuleInput } from './rule.js';
import { toolRegistered } from './tool-registered.js';

/** The rules in their order (contract section 3.1). A new rule is one file and one line here. */
export const RULES: readonly Rule[] = [agentEnabled, blockList, allowList, toolRegistered];

/** What a policy in observe mode only notes: its lists. The kill switch and the registry are none of its own. */
const OF_POLICY: readonly Rule[] = [blockList, allowList];

export interface Judgement {
  readonly denial?: Denial;
  /** The first reason for which a policy that observes would have blocked. */
  readonly wouldBlock?: Reason;
}

export function judge(input: RuleInput): Judgement {
  let noted: Pick<Judgement, 'wouldBlock'> = {};
  for (const rule of RULES) {
    const denial = rule(input);
    if (denial === undefined) continue;
    if (input.policy?.mode !== 'observe' || !OF_POLICY.includes(rule)) return { denial, ...noted };
    noted = { wouldBlock: denial.reason, ...noted };
  }
  return noted;
}
