import type { Rule } from './rule.js';

/** The block list wins over the allow list (contract section 3.1). */
export const blockList: Rule = ({ policy, tool }) =>
  policy?.blockedTools?.includes(tool) === true
    ? { decision: 'blocked', reason: 'tool_explicitly_blocked' }
    : undefined;
