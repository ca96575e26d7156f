import { answer, eventually, type Api } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { planSettings } from './plan-file.js';
import { row } from './row.js';
import { createTenant } from './tenant.js';

const FREE = { name: 'free', credits: { make: 1, ai: 2 }, stopsAtCredits: true };
const UPGRADE = 'https://example.com/upgrade';

describe('contract 9, the credits of a plan that stops', () => {
  const tollgate = installed({ env: { ...planSettings(FREE), TOLLGATE_UPGRADE_URL: UPGRADE } });
  const tenant = async (): Promise<Api> => (await createTenant(tollgate(), fresh('tenant'))).api;
  const check = (api: Api, key: string) => api.post('/v1/check-lock', { key });
  const lease = (api: Api, key = fresh('key'), ttl = 60) => api.post('/v1/ai/lease', { key, ttl });
  const usage = async (api: Api): Promise<Json> => (await api.get('/v1/usage/all')).body;
  const tool = async (api: Api): Promise<string> => {
    const name = fresh('tool');
    await tollgate().register(name, {}, api);
    return name;
  };
  /** A tenant at its ai credits, and the key that it leased last. */
  const spent = async (ttl = 60): Promise<{ api: Api; held: Json }> => {
    const api = await tenant();
    await lease(api);
    return { api, held: (await lease(api, fresh('key'), ttl)).body };
  };
  const detail = (limit: number, used: number) => ({
    error: 'payment_required',
    message: expect.any(String),
    highlights: 'Plan limit reached',
    plan: 'free',
    limit,
    usage: used,
    upgrade_url: UPGRADE,
  });

  row('0/402', async () => {
    const { api } = await spent();
    const { status, body } = await lease(api);
    expect([status, body]).toEqual([402, { detail: detail(2, 2) }]);
  });

  row('9/check-lock', async () => {
    const [api, key] = [await tenant(), fresh('key')];
    await check(api, key);
    expect((await check(api, key)).body.status).toBe('duplicate');
    const refused = await check(api, key);
    expect([refused.status, refused.body.detail]).toEqual([402, detail(1, 1)]);
    // Only a duplicate is charged: what is new may still be locked.
    expect((await check(api, fresh('key'))).body.status).toBe('locked');
    const { make } = await usage(api);
    expect(make).toMatchObject({
      usage: 1,
      limit: 1,
      requests_total_month: 4,
      blocked_total_month: 1,
      charged_total_month: 1,
    });
  });

  row('9/lease', async () => {
    const { api, held } = await spent(1);
    expect((await lease(api)).status).toBe(402);
    // Whoever holds a key goes on, those who ask for it are told, and what expired is leased again for nothing.
    expect((await api.post('/v1/ai/extend', { key: held.key, lease_id: held.lease_id, ttl: 1 })).status).toBe(200);
    expect((await lease(api, held.key)).body).toMatchObject({ status: 'polling', charged: 0 });
    await eventually('it expires', async () => (await lease(api, held.key)).body.status === 'acquired');
    const again = (await lease(api, held.key)).body;
    expect(again).toMatchObject({ status: 'polling', usage: 2, limit: 2 });
    const { ai } = await usage(api);
    expect(ai).toMatchObject({ usage: 2, blocked_total_month: 1, charged_total_month: 2 });
  });

  row('9/call', async () => {
    const [api, agent_id] = [await tenant(), fresh('agent')];
    const name = await tool(api);
    const run = (n: number) => api.run({ agent_id, tool: name, args: { n } });
    for (const n of [1, 2]) expect((await run(n)).body.decision).toBe('executed');
    const refused = await run(3);
    expect([refused.status, refused.body.detail]).toEqual([402, detail(2, 2)]);
    expect((await run(1)).body).toMatchObject({ decision: 'dedup', policy_reason: 'tool_idempotency' });
    expect(tollgate().tool.at(name)).toHaveLength(2);
    // What is blocked for another reason is so before its credit is looked at.
    await tollgate().policy(agent_id, { blocked_tools: [name] }, api);
    expect((await run(4)).body).toMatchObject({ decision: 'blocked', policy_reason: 'tool_explicitly_blocked' });
    const [, logged] = (await api.get(`/v1/agents/${agent_id}/logs`)).body;
    // A cap comes behind: what is over both is refused for want of credits.
    await tollgate().policy(agent_id, { max_actions_per_hour: 0 }, api);
    expect((await run(5)).status).toBe(402);
    const counted = (await usage(api)).ai;
    expect(counted).toMatchObject({ usage: 2, requests_total_month: 6, blocked_total_month: 2 });
    expect(logged.decision).toBe('dedup');
  });

  row('9/call-logged', async () => {
    const { api } = await spent();
    const [agent_id, name] = [fresh('agent'), await tool(api)];
    const refused = await api.run({ agent_id, tool: name, run_id: fresh('run') });
    expect(refused.status).toBe(402);
    const [logged] = (await api.get(`/v1/agents/${agent_id}/logs`)).body;
    expect(logged).toMatchObject({
      allowed: false,
      decision: 'blocked',
      policy_reason: 'payment_required',
      spend_usd: 0,
    });
    const call = await api.get(`/v1/calls/${logged.call_id}`);
    expect(call.body).toMatchObject({
      ok: true,
      allowed: false,
      decision: 'blocked',
      policy_reason: 'payment_required',
    });
  });

  row('9/job', async () => {
    const [api, agent_id] = [await tenant(), fresh('agent')];
    const name = await tool(api);
    const job = (key: string, count: number) => {
      const actions = Array.from({ length: count }, (_, n) => ({ tool: name, args: { n } }));
      return api.post('/v1/ai/run', { key, metadata: { agent_id, actions } });
    };
    const key = fresh('job');
    // The key and the first action are charged, the second action is not to be had.
    expect((await job(key, 2)).status).toBe(200);
    await eventually('the job ends', async () => (await api.get(`/v1/ai/result?key=${key}`)).body.status === 'failed');
    const { error_code, result } = (await api.get(`/v1/ai/result?key=${key}`)).body;
    expect([error_code, result.results.map((one: Json) => [one.decision, one.policy_reason])]).toEqual([
      'policy_blocked',
      [
        ['executed', 'ok'],
        ['blocked', 'payment_required'],
      ],
    ]);
    expect((await job(fresh('job'), 0)).status).toBe(402);
    expect((await usage(api)).ai).toMatchObject({ usage: 2, blocked_total_month: 2 });
  });

  row('9/given-back', async () => {
    const api = await tenant();
    const name = await tool(api);
    const fails = fresh('fails');
    tollgate().tool.on(fails, answer(400, {}));
    await tollgate().register(fails, {}, api);
    await lease(api);
    for (let n = 0; n < 3; n += 1) expect((await api.run({ agent_id: 'a', tool: fails })).body.decision).toBe('failed');
    expect((await api.run({ agent_id: 'a', tool: name })).body.decision).toBe('executed');
    expect((await api.run({ agent_id: 'a', tool: name, args: { n: 2 } })).status).toBe(402);
  });

  row('9/once', async () => {
    const api = await tenant();
    const all = await Promise.all(Array.from({ length: 10 }, () => lease(api)));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, ...Array.from({ length: 8 }, () => 402)]);
    const counted = await usage(api);
    expect(counted.ai).toMatchObject({ usage: 2, blocked_total_month: 8, requests_total_month: 10 });
    expect((await api.get('/v1/me')).body).toMatchObject({ requests_total_all_time: 10, blocked_total_all_time: 8 });
  });
});
