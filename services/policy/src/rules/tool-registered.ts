import type { Rule } from './rule.js';

/** Decided after the lists: a forbidden name stays a block (contract section 3.1). */
export const toolRegistered: Rule = ({ registered }) => {
  if (registered === undefined) return { decision: 'refused', reason: 'tool_not_found' };
  return registered.enabled ? undefined : { decision: 'refused', reason: 'tool_disabled' };
};
