import { PLAIN } from '../../../terminal/style.js';
import type { ListedCall } from '../../calls/list-text.js';
import type { Key } from '../../keys/keys-text.js';
import type { Tool } from '../../tools/tools-text.js';
import { doctorText } from '../doctor-text.js';
import type { Facts, TenantFacts } from '../facts.js';
import type { Finding } from '../finding.js';
import { CHECKS } from './index.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');

const adminKey: Key = {
  id: 'key_admin',
  key_preview: 'tg_live_…a',
  name: null,
  role: 'admin',
  agents: [],
  created_at: '2026-11-01T00:00:00Z',
  expires_at: null,
};
const agentKey: Key = { ...adminKey, id: 'key_billing', role: 'agent', agents: ['billing'] };
const charge: Tool = {
  name: 'charge',
  scope_id: 'global',
  url: 'https://tools.example.com/charge',
  enabled: true,
  on_unknown: 'hold',
  dedup_window_sec: 86_400,
  previous_secret_until: null,
};
const policyOf = (agent_id: string, policy: object = {}) => ({
  agent_id,
  policy: { allowed_tools: ['charge'], max_actions_per_hour: 50, max_spend_usd_per_day: 2, ...policy },
  version: 1,
  updated_at: '2026-11-01T00:00:00Z',
});
const callOf = (agent_id: string): ListedCall => ({
  decision: 'executed',
  policy_reason: 'ok',
  risk_level: 'low',
  call_id: 'call_1',
  run_id: 'call_1',
  spend_usd: 0,
  agent_id,
  tool: 'charge',
  requested_at: '2026-11-21T11:00:00Z',
  in_doubt: false,
});

const safeTenant: TenantFacts = {
  keys: [adminKey, agentKey],
  tools: [charge],
  policies: [policyOf('billing')],
  calls: [callOf('billing')],
  inDoubt: [],
  withoutPolicy: 'blocked',
  planCaps: 'kept',
};
const safe: Facts = {
  now: NOW,
  base: 'https://tollgate.example.com',
  readiness: { ready: true, degraded: false, missing: [] },
  replicas: 3,
  key: { is: 'good', preview: 'tg_live_…a', plan: 'pro' },
  tenant: safeTenant,
};

const found = (facts: Facts): readonly Finding[] => CHECKS.flatMap((check) => check(facts));
/** What is not as it should be, `level check: what`. */
const wrong = (facts: Facts): readonly string[] =>
  found(facts)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, check, what }) => `${level} ${check}: ${what}`);
const within = (change: Partial<TenantFacts>): Facts => ({ ...safe, tenant: { ...safeTenant, ...change } });

describe('the safe-deployment checklist', () => {
  it('has nothing to say of a safe set-up, and something good of each part', () => {
    expect(wrong(safe)).toEqual([]);
    const parts = ['transport', 'server', 'durability', 'key', 'keys', 'tools', 'policies', 'agents', 'calls'];
    expect(found(safe).map(({ check }) => check)).toEqual(parts);
  });

  it.each([
    ['http://127.0.0.1:8080', []],
    ['http://[::1]:8080', []],
    ['http://localhost:8080', []],
    ['http://gateway.internal', ['mend transport: keys and arguments go to gateway.internal in the clear']],
    ['http://127.0.0.1.example.com', [expect.stringContaining('in the clear')]],
  ])('%s', (base, findings) => {
    expect(wrong({ ...safe, base })).toEqual(findings);
  });

  it('names what the server misses, and what it does not tell', () => {
    const missing = { ready: true, degraded: true, missing: ['redis'] };
    expect(wrong({ ...safe, readiness: missing })).toEqual(['mend server: degraded: redis is missing']);
    const none = { ready: false, degraded: false, missing: ['nats'] };
    expect(wrong({ ...safe, readiness: none })).toEqual(['mend server: not ready: nats is missing']);
    expect(wrong({ ...safe, readiness: undefined, replicas: undefined })).toEqual([
      expect.stringMatching(/^note server/),
      expect.stringMatching(/^note durability/),
    ]);
  });

  it.each([
    [1, 'one copy of each journal'],
    [2, '2 copies of each journal'],
  ])('knows what %d of three copies are worth', (replicas, copies) => {
    expect(wrong({ ...safe, replicas })).toEqual([expect.stringContaining(`note durability: ${copies}: a power cut`)]);
  });

  it('says when the key is not good, or sees too little', () => {
    const refused = { is: 'refused', why: 'Invalid API key (403)' } as const;
    expect(wrong({ ...safe, key: refused, tenant: undefined })).toEqual(['mend key: Invalid API key (403)']);
    expect(wrong({ ...safe, tenant: undefined })).toEqual([expect.stringMatching(/^note key: .* needs an admin key/)]);
  });

  it('finds agents that an admin key calls for, and keys that are too wide or end soon', () => {
    const calls = [callOf('billing'), callOf('support'), callOf('support')];
    const policies = [policyOf('billing'), policyOf('support')];
    expect(wrong(within({ calls, policies }))).toEqual([expect.stringMatching(/^mend keys: support has called/)]);
    const wide = { ...agentKey, agents: ['*'], expires_at: '2026-11-30T00:00:00Z' };
    expect(wrong(within({ keys: [adminKey, wide] }))).toEqual([
      expect.stringContaining('note keys: key_billing speaks for every agent'),
      expect.stringContaining('note keys: key_billing ends 2026-11-30'),
    ]);
  });

  it.each([
    [{ enabled: false }, 'note tools: charge is disabled'],
    [{ on_unknown: 'fail' }, 'mend tools: charge gives money and key back'],
    [{ on_unknown: 'retry' }, 'note tools: charge is sent unknown calls again'],
    [{ dedup_window_sec: 0 }, 'note tools: charge has no dedup window'],
    [{ url: 'http://tools.example.com' }, 'note tools: charge is called over http'],
  ])('looks at tools: %j', (change, finding) => {
    expect(wrong(within({ tools: [{ ...charge, ...change }] }))).toEqual([expect.stringContaining(finding)]);
  });

  it('lets reads be reads, and local tools be local', () => {
    expect(wrong(within({ tools: [{ ...charge, on_unknown: 'fail', dedup_window_sec: 0 }] }))).toEqual([]);
    expect(wrong(within({ tools: [{ ...charge, url: 'http://127.0.0.1:9000/charge' }] }))).toEqual([]);
  });

  it.each([
    [{ allowed_tools: [] }, 'mend policies: billing may call every tool'],
    [{ allowed_tools: undefined }, 'mend policies: billing may call every tool'],
    [{ max_actions_per_hour: undefined }, 'mend policies: billing has no cap on its actions'],
    [{ max_spend_usd_per_day: undefined }, 'mend policies: billing has no cap on its spend'],
    [{ mode: 'observe' }, 'mend policies: billing is only observed'],
    [{ blocked_tools: ['exprot'] }, 'mend policies: billing is kept from exprot, which is no tool'],
    [{ allowed_tools: ['charge', 'chrage'] }, 'note policies: billing may call chrage, which is not registered'],
  ])('looks at policies: %j', (change, finding) => {
    expect(wrong(within({ policies: [policyOf('billing', change)] }))).toEqual([expect.stringContaining(finding)]);
  });

  it('takes a cap of nothing for a cap', () => {
    const policies = [policyOf('billing', { max_actions_per_hour: 0, max_spend_usd_per_day: 0 })];
    expect(wrong(within({ policies }))).toEqual([]);
  });

  it('asks for no caps where the plan trims them, and says so', () => {
    const policies = [policyOf('billing', { max_actions_per_hour: undefined, max_spend_usd_per_day: undefined })];
    expect(wrong(within({ policies, planCaps: 'trimmed' }))).toEqual([
      'note policies: the plan pro takes no caps: nothing bounds what an agent does and spends',
    ]);
    expect(wrong(within({ policies, planCaps: 'unknown' }))).toEqual([
      'note policies: billing has no cap on its actions',
      'note policies: billing has no cap on its spend',
    ]);
    expect(wrong(within({ policies: [policyOf('billing', { allowed_tools: [] })], planCaps: 'trimmed' }))).toContain(
      'mend policies: billing may call every tool, later ones too',
    );
  });

  it('finds agents without a policy: open by an admin key, blocked by their own', () => {
    const open = within({ policies: [], keys: [adminKey], withoutPolicy: 'open' });
    expect(wrong(open)).toEqual([
      expect.stringMatching(/^mend keys: billing has called/),
      'mend agents: billing is open: no policy, and called with an admin key',
      expect.stringMatching(/^note agents: an admin key may call every tool/),
    ]);
    expect(wrong(within({ policies: [] }))).toEqual([expect.stringMatching(/^note agents: billing has no policy/)]);
    const scoped = within({ tools: [charge, { ...charge, scope_id: 'agent:reports' }] });
    expect(wrong(scoped)).toEqual([expect.stringMatching(/^note agents: reports has no policy/)]);
  });

  it('asks for calls in doubt to be resolved', () => {
    expect(wrong(within({ inDoubt: [callOf('billing')] }))).toEqual([
      expect.stringMatching(/^mend calls: call_1 is in doubt/),
    ]);
  });

  it('is shown with what to mend last', () => {
    const text = doctorText(found({ ...safe, base: 'http://far', replicas: 1 }), PLAIN);
    expect(text).toMatch(/^ok {4}server/);
    expect(text).toMatch(
      /note {2}durability .*\n {18}→ .*\nmend {2}transport .*\n {18}→ put TLS.*\n\n1 to mend, 1 to know\n$/,
    );
    expect(doctorText(found(safe), PLAIN)).toContain('\nnothing to mend, 0 to know\n');
  });
});
