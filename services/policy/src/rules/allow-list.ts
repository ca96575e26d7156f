import type { Rule } from './rule.js';

const notAllowed = { decision: 'blocked', reason: 'tool_not_in_allowed_list' } as const;

/**
 * An absent or empty allow list restricts nothing; without a stored policy an agent key may do nothing and an admin key
 * everything, unless the server denies that too (contract section 4).
 */
export const allowList: Rule = ({ policy, tool, role, adminWithoutPolicy }) => {
  if (policy === undefined) return role === 'admin' && adminWithoutPolicy === 'allow' ? undefined : notAllowed;
  const allowed = policy.allowedTools ?? [];
  return allowed.length === 0 || allowed.includes(tool) ? undefined : notAllowed;
};
