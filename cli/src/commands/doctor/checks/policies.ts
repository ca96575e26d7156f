import type { StoredPolicy } from '../../policy/policy-text.js';
import { orFine, type Check, type Finding } from '../finding.js';

const check = 'policies';

/** The members of a policy that the checklist is about. */
interface Rules {
  readonly mode?: string;
  readonly allowed_tools?: readonly string[];
  readonly blocked_tools?: readonly string[];
  readonly max_actions_per_hour?: number;
  readonly max_spend_usd_per_day?: number;
}

export const policies: Check = ({ tenant }) => {
  if (tenant === undefined) return [];
  const known = new Set(tenant.tools.map(({ name }) => name));
  const found = tenant.policies.flatMap((policy) => [
    ...ofPolicy(policy, known),
    // What a plan trims nobody can mend here; one that could not be tried may do so.
    ...(tenant.planCaps === 'trimmed' ? [] : caps(policy, tenant.planCaps === 'kept' ? 'mend' : 'note')),
  ]);
  return orFine(found, {
    check,
    level: 'ok',
    what: `${tenant.policies.length} stored, each with a list${tenant.planCaps === 'trimmed' ? '' : ' and both caps'}`,
  });
};

export const planCaps: Check = ({ key, tenant }) =>
  key.is === 'good' && tenant?.planCaps === 'trimmed'
    ? [
        {
          check,
          level: 'note',
          what: `the plan ${key.plan} takes no caps: nothing bounds what an agent does and spends`,
          mend: 'another plan, or one with caps: docs/plans.md',
        },
      ]
    : [];

function ofPolicy({ agent_id, policy }: StoredPolicy, known: ReadonlySet<string>): readonly Finding[] {
  const rules: Rules = policy;
  return [
    ...(rules.mode === 'observe' ? [mend(agent_id, 'is only observed: nothing is blocked', 'mode: enforce')] : []),
    ...(isEmpty(rules.allowed_tools)
      ? [mend(agent_id, 'may call every tool, later ones too', 'allowed_tools: […]')]
      : []),
    ...unknown(agent_id, rules.blocked_tools, known).map((tool) =>
      mend(agent_id, `is kept from ${tool}, which is no tool: is it another name?`, 'blocked_tools'),
    ),
    ...unknown(agent_id, rules.allowed_tools, known).map((tool): Finding => ({
      check,
      level: 'note',
      what: `${agent_id} may call ${tool}, which is not registered`,
    })),
  ];
}

function caps({ agent_id: agent, policy }: StoredPolicy, level: Finding['level']): readonly Finding[] {
  const { max_actions_per_hour, max_spend_usd_per_day }: Rules = policy;
  return [
    ...(max_actions_per_hour === undefined
      ? [{ ...mend(agent, 'has no cap on its actions', 'max_actions_per_hour: 50'), level }]
      : []),
    ...(max_spend_usd_per_day === undefined
      ? [{ ...mend(agent, 'has no cap on its spend', 'max_spend_usd_per_day: 2'), level }]
      : []),
  ];
}

const isEmpty = (list: readonly string[] | undefined): boolean => list === undefined || list.length === 0;

const unknown = (_agent: string, names: readonly string[] = [], known: ReadonlySet<string>): readonly string[] =>
  names.filter((name) => !known.has(name));

const mend = (agent: string, what: string, member: string): Finding => ({
  check,
  level: 'mend',
  what: `${agent} ${what}`,
  mend: `${member}, with tollgate policy set ${agent} <file> --merge`,
});
