import type { Key } from '../../keys/keys-text.js';
import { orFine, type Check, type Finding } from '../finding.js';

const check = 'keys';
const SOON_MS = 14 * 86_400_000;

/** Of the key in use: whether it is good, and what it may. */
export const ownKey: Check = ({ key, tenant }) => {
  if (key.is === 'refused') {
    return [{ check: 'key', level: 'mend', what: key.why, mend: 'set TOLLGATE_API_KEY to a key that is good' }];
  }
  const role = tenant === undefined ? 'an agent key' : 'an admin key';
  const good: Finding = { check: 'key', level: 'ok', what: `good: ${role}, on the plan ${key.plan}` };
  const rest: Finding = { check: 'key', level: 'note', what: 'the rest of the list needs an admin key: not looked at' };
  return tenant === undefined ? [good, rest] : [good];
};

/** An admin key may do everything as anybody: agents get keys of their own. */
export const agentKeys: Check = ({ tenant }) => {
  if (tenant === undefined) return [];
  const { keys, calls } = tenant;
  const callers = [...new Set(calls.map(({ agent_id }) => agent_id))];
  const found = callers.filter((agent) => !keys.some((key) => speaksFor(key, agent))).map(withoutKey);
  return orFine(found, { check, level: 'ok', what: 'every agent that called lately has a key of its own' });
};

const withoutKey = (agent: string): Finding => ({
  check,
  level: 'mend',
  what: `${agent} has called, and no agent key speaks for it: an admin key is used, or one that is revoked`,
  mend: `tollgate keys create agent --agent ${agent} --save ${agent}.key`,
});

export const speaksFor = ({ role, agents }: Key, agent: string): boolean =>
  role === 'agent' && (agents.includes(agent) || agents.includes('*'));

export const wideKeys: Check = ({ tenant }) =>
  (tenant?.keys ?? [])
    .filter(({ role, agents }) => role === 'agent' && agents.includes('*'))
    .map(({ id }) => ({
      check,
      level: 'note',
      what: `${id} speaks for every agent: whoever has it is bound by no policy of one`,
      mend: 'a key for each agent',
    }));

export const endingKeys: Check = ({ tenant, now }) =>
  (tenant?.keys ?? [])
    .filter(({ expires_at }) => expires_at !== null && Date.parse(expires_at) - now < SOON_MS)
    .map(({ id, expires_at }) => ({
      check,
      level: 'note',
      what: `${id} ends ${expires_at ?? ''}`,
      mend: 'make another in time',
    }));
