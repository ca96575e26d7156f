import { agentOfScope } from '../../tools/scope.js';
import { orFine, type Check, type Finding } from '../finding.js';
import type { TenantFacts } from '../facts.js';
import { speaksFor } from './keys.js';

const check = 'agents';

/** Who acts, or may, without a policy. */
export const agents: Check = ({ tenant }) => {
  if (tenant === undefined) return [];
  const withPolicy = new Set(tenant.policies.map(({ agent_id }) => agent_id));
  const found = knownAgents(tenant)
    .filter((agent) => !withPolicy.has(agent))
    .map((agent) => ofAgent(agent, tenant));
  return orFine(found, { check, level: 'ok', what: 'every agent that is known has a policy' });
};

/** An agent is a name: it is known by who speaks for it, what it did, and what is its own. */
function knownAgents({ keys, calls, tools }: TenantFacts): readonly string[] {
  const named = keys.flatMap((key) => key.agents).filter((agent) => agent !== '*');
  const called = calls.map(({ agent_id }) => agent_id);
  const scoped = tools.map(({ scope_id }) => agentOfScope(scope_id)).filter((agent) => agent !== undefined);
  return [...new Set([...named, ...called, ...scoped])].sort();
}

function ofAgent(agent: string, { keys, calls, withoutPolicy }: TenantFacts): Finding {
  const mend = `tollgate policy template ${agent} strict, then policy set`;
  const byAdmin = calls.some(({ agent_id }) => agent_id === agent) && !keys.some((key) => speaksFor(key, agent));
  if (byAdmin && withoutPolicy !== 'blocked') {
    return { check, level: 'mend', what: `${agent} is open: no policy, and called with an admin key`, mend };
  }
  return { check, level: 'note', what: `${agent} has no policy: with an agent key it is blocked`, mend };
}

export const openDefault: Check = ({ tenant }) =>
  tenant?.withoutPolicy === 'open'
    ? [
        {
          check,
          level: 'note',
          what: 'an admin key may call every tool as an agent without a policy, without caps',
          mend: 'TOLLGATE_NO_POLICY_ADMIN=deny at the server',
        },
      ]
    : [];
