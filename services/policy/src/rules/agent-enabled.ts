import type { Rule } from './rule.js';

/** A disabled agent may do nothing (contract section 5). */
export const agentEnabled: Rule = ({ disabled }) =>
  disabled ? { decision: 'blocked', reason: 'agent_disabled' } : undefined;
