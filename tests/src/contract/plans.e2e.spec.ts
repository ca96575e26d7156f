import { TOOL_SECRET, type Api } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { row } from './row.js';
import { adminCommand, createTenant } from './tenant.js';

const PLANS = ['free', 'starter', 'pro', 'agency'] as const;
type Plan = (typeof PLANS)[number];
const HOUR = 3_600;
const DAY = 24 * HOUR;

describe('contract 9, plans', () => {
  const tollgate = installed();
  const tenants = new Map<string, { id: string; api: Api }>();
  const on = (plan: string): Api => tenants.get(plan)!.api;
  beforeAll(async () => {
    for (const plan of PLANS) tenants.set(plan, await createTenant(tollgate(), plan, plan));
  }, 60_000);

  const LISTS = { allowed_tools: ['a'], blocked_tools: ['b'] };
  const CAPS = { max_actions_per_hour: 10, max_spend_usd_per_day: 2, max_calls_per_tool: { a: 3 } };
  const PRICING = { pricing_rules: [{ tool: 'a', price_usd: 0.5 }] };
  const stored = async (plan: Plan, sent: object): Promise<Json> => {
    const agent = fresh('agent');
    const { status, body } = await on(plan).post(`/v1/policies/${agent}`, sent);
    expect(status).toBe(201);
    expect((await on(plan).put(`/v1/policies/${agent}`, sent)).body.policy).toEqual(body.policy);
    return body.policy;
  };
  const tool = (name: string, more: object = {}) => ({
    name,
    url: tollgate().tool.url(name),
    auth: { type: 'hmac_sha256', secret: TOOL_SECRET },
    ...more,
  });
  const FEATURE = { error: 'feature_not_available', message: expect.any(String) };

  row('9/lists', async () => {
    for (const plan of PLANS) expect(await stored(plan, LISTS)).toEqual(LISTS);
  });

  row('9/caps', async () => {
    expect(await stored('free', { ...LISTS, ...CAPS })).toEqual(LISTS);
    for (const plan of ['starter', 'pro', 'agency'] as const) expect(await stored(plan, CAPS)).toEqual(CAPS);
  });

  row('9/pricing', async () => {
    for (const plan of ['free', 'starter'] as const) expect(await stored(plan, PRICING)).toEqual({});
    for (const plan of ['pro', 'agency'] as const) expect(await stored(plan, PRICING)).toEqual(PRICING);
  });

  row('9/templates', async () => {
    for (const plan of PLANS) {
      const { status, body } = await on(plan).post(`/v1/policies/${fresh('agent')}/from-template`, {
        template: 'strict',
      });
      if (plan === 'pro' || plan === 'agency') expect([plan, status]).toEqual([plan, 201]);
      else expect([plan, status, body.detail]).toEqual([plan, 403, FEATURE]);
    }
  });

  const agentRoutes = (api: Api, agent: string) =>
    Promise.all([
      api.post(`/v1/agents/${agent}/disable`, { reason: 'x' }),
      api.post(`/v1/agents/${agent}/enable`),
      api.get(`/v1/agents/${agent}/logs`),
      api.get(`/v1/agents/${agent}/metrics`),
    ]);

  row('9/agents', async () => {
    for (const plan of ['free', 'starter'] as const) {
      for (const { status, body } of await agentRoutes(on(plan), fresh('agent'))) {
        expect([status, body.detail]).toEqual([403, FEATURE]);
      }
    }
    for (const plan of ['pro', 'agency'] as const) {
      for (const { status } of await agentRoutes(on(plan), fresh('agent'))) expect(status).toBe(200);
    }
  });

  row('0/403-feature', async () => {
    const { body } = await on('free').post('/v1/agents/a/disable', { reason: 5 });
    expect(body.detail).toEqual({ ...FEATURE, message: expect.stringContaining('free') });
    const agentKey = (await on('free').post('/v1/keys', { role: 'agent', agents: ['a'] })).body.key;
    const forbidden = await on('free').as(agentKey).post('/v1/agents/a/disable');
    expect([forbidden.status, forbidden.body.detail.error]).toEqual([403, 'forbidden']);
    const logs = await on('free').as(agentKey).get('/v1/agents/a/logs');
    expect([logs.status, logs.body.detail]).toEqual([403, FEATURE]);
  });

  row('0/403-plan-limit', async () => {
    const { api } = await createTenant(tollgate(), 'one tool', 'free');
    expect((await api.post('/v1/tools', tool('first'))).status).toBe(201);
    const second = await api.post('/v1/tools', tool('second'));
    expect([second.status, second.body.detail]).toEqual([
      403,
      { error: 'plan_limit', message: 'FREE plan limit: max 1 tools' },
    ]);
    expect((await api.get('/v1/tools/second')).status).toBe(404);
  });

  row('9/tools', async () => {
    const { api } = await createTenant(tollgate(), 'tools', 'starter');
    const names = Array.from({ length: 19 }, (_, n) => `tool-${n}`);
    for (const name of names) expect((await api.post('/v1/tools', tool(name))).status).toBe(201);
    expect((await api.post('/v1/tools', tool('tool-0', { scope_id: 'agent:a' }))).status).toBe(201);
    const refused = await api.post('/v1/tools', tool('one-more'));
    expect([refused.status, refused.body.detail.message]).toEqual([403, 'STARTER plan limit: max 20 tools']);
    expect((await api.post('/v1/tools', { name: 'tool-3', timeout_ms: 500 })).status).toBe(201);
    expect((await api.post('/v1/tools/tool-4/toggle', { enabled: false })).status).toBe(200);
    expect((await api.post('/v1/tools', tool('one-more'))).status).toBe(403);
    await api.delete('/v1/tools/tool-4');
    expect((await api.post('/v1/tools', tool('one-more'))).status).toBe(201);
    expect((await api.get('/v1/tools?scope_id=all')).body).toHaveLength(20);
  });

  row('9/tools-at-once', async () => {
    const { api } = await createTenant(tollgate(), 'at once', 'starter');
    const gateways = [
      api,
      tollgate()
        .apiOf(await tollgate().startProcess('gateway'))
        .as(api.key),
    ];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => gateways[n % 2]!.post('/v1/tools', tool(`at-once-${n}`))),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(20);
    expect(statuses.filter((status) => status === 403)).toHaveLength(10);
    expect((await api.get('/v1/tools')).body).toHaveLength(20);
  });

  row('9/ttl', async () => {
    const seconds = { free: [60, HOUR], starter: [HOUR, DAY], pro: [6 * HOUR, 7 * DAY], agency: [DAY, 30 * DAY] };
    for (const plan of PLANS) {
      for (const route of ['/v1/check-lock', '/v1/ai/lease']) {
        const ttlOf = async (sent: object) => (await on(plan).post(route, { key: fresh('key'), ...sent })).body.ttl;
        expect([plan, await ttlOf({}), await ttlOf({ ttl: 1e9 })]).toEqual([plan, ...seconds[plan]]);
      }
    }
  });

  row('9/credits', async () => {
    const credits = { free: [1e3, 3e3], starter: [20e3, 100e3], pro: [200e3, 1e6], agency: [2e6, 10e6] };
    for (const plan of PLANS) {
      const { make, ai, plan: name } = (await on(plan).get('/v1/usage/all')).body;
      expect([name, make.limit, ai.limit]).toEqual([plan, ...credits[plan]]);
    }
  });

  row('9/default', async () => {
    const { api } = tollgate();
    const agent = fresh('agent');
    expect((await api.post(`/v1/policies/${agent}`, { ...CAPS, ...PRICING })).body.policy).toEqual({
      ...CAPS,
      ...PRICING,
    });
    for (const { status } of await agentRoutes(api, agent)) expect(status).toBe(200);
    const lease = async (sent: object) => (await api.post('/v1/ai/lease', { key: fresh('key'), ...sent })).body;
    expect(await lease({})).toMatchObject({ limit: 0, ttl: DAY });
    expect(await lease({ ttl: 1e9 })).toMatchObject({ ttl: 30 * DAY });
  });

  row('9/changed', async () => {
    const { id, api } = await createTenant(tollgate(), 'lowered', 'pro');
    const [agent, name] = [fresh('agent'), fresh('tool')];
    for (const one of [name, fresh('tool')]) await tollgate().register(one, {}, api);
    const policy = { max_actions_per_hour: 1, pricing_rules: [{ tool: name, price_usd: 0.5 }] };
    await tollgate().policy(agent, policy, api);
    expect(await adminCommand(tollgate(), 'tenant', 'plan', id, 'free')).toMatchObject({ id, plan: 'free' });
    expect((await api.post('/v1/ai/lease', { key: fresh('key') })).body).toMatchObject({ limit: 3_000, ttl: 60 });
    for (const { status } of await agentRoutes(api, agent)) expect(status).toBe(403);
    expect((await api.post('/v1/tools', tool(fresh('tool')))).status).toBe(403);
    // What is stored stays and holds, and cannot be raised any more; it can be cleared.
    const call = (n: number) => api.run({ agent_id: agent, tool: name, args: { n } });
    expect((await call(1)).body).toMatchObject({ decision: 'executed', spend_usd: 0.5 });
    expect((await call(2)).body).toMatchObject({ policy_reason: 'max_actions_per_hour_exceeded' });
    expect((await api.post(`/v1/policies/${agent}`, { max_actions_per_hour: 9 })).body.policy).toEqual(policy);
    expect((await api.post(`/v1/policies/${agent}`, { max_actions_per_hour: null })).body.policy).toEqual({
      pricing_rules: policy.pricing_rules,
    });
    expect((await call(2)).body.decision).toBe('executed');
    await adminCommand(tollgate(), 'tenant', 'plan', id, 'agency');
    for (const { status } of await agentRoutes(api, agent)) expect(status).toBe(200);
  });

  row('9/unknown-plan', async () => {
    const refused = async (...words: string[]): Promise<string> =>
      adminCommand(tollgate(), ...words).then(
        () => 'taken',
        (error: unknown) => (error as { stderr: string }).stderr,
      );
    const known = 'free, starter, pro, agency, unlimited';
    expect(await refused('tenant', 'plan', 'default', 'golden')).toContain(
      `there is no plan "golden": there are ${known}`,
    );
    const before = (await adminCommand(tollgate(), 'tenant', 'list')).length;
    expect(await refused('tenant', 'create', 'nobody', '--plan', 'golden')).toContain('there is no plan "golden"');
    expect(await adminCommand(tollgate(), 'tenant', 'list')).toHaveLength(before);
    expect(await refused('tenant', 'plan', 'nobody', 'free')).toContain('there is no tenant "nobody"');
  });
});
