import { eventually, type Api } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { planSettings } from './plan-file.js';
import { row } from './row.js';
import { createTenant } from './tenant.js';

/** A paid plan with few credits: whoever is beyond them goes on. */
const PAID = { name: 'small', credits: { make: 1, ai: 2 }, stopsAtCredits: false };
const today = (): string => new Date().toISOString().slice(0, 10);
const month = (): string => today().slice(0, 7);

describe('contract 7, the account', () => {
  const tollgate = installed({ env: planSettings(PAID) });
  const tenant = async (): Promise<Api> => (await createTenant(tollgate(), fresh('tenant'))).api;
  const check = (api: Api, key: string) => api.post('/v1/check-lock', { key });
  const lease = async (api: Api, ttl = 60): Promise<Json> =>
    (await api.post('/v1/ai/lease', { key: fresh('key'), ttl })).body;

  /** Asks for something of everything that is counted. */
  async function use(api: Api): Promise<void> {
    const [tool, agent_id] = [fresh('tool'), fresh('agent')];
    await tollgate().register(tool, {}, api);
    const key = fresh('key');
    for (let time = 0; time < 3; time += 1) await check(api, key);
    const completed = await lease(api);
    await api.post('/v1/ai/lease', { key: completed.key });
    await api.post('/v1/ai/complete', { key: completed.key, lease_id: completed.lease_id });
    const failed = await lease(api);
    await api.post('/v1/ai/fail', { key: failed.key, lease_id: failed.lease_id, error_code: 'x' });
    await api.run({ agent_id, tool, args: { n: 1 } });
    await api.run({ agent_id, tool, args: { n: 1 } });
    const limited = { agent_id, blocked_tools: [tool] };
    await api.post(`/v1/policies/${agent_id}`, limited);
    await api.run({ agent_id, tool, args: { n: 2 } });
  }

  row('7/me', async () => {
    const api = await tenant();
    await use(api);
    const { status, body } = await api.get('/v1/me');
    const now = new Date();
    expect([status, body]).toEqual([
      200,
      {
        plan: 'small',
        key_preview: expect.stringMatching(/^tg_live_….{4}$/),
        email: null,
        is_active: true,
        current_period_end: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString(),
        requests_total_all_time: 9,
        blocked_total_all_time: 0,
        email_notifications_enabled: false,
        tool_error_notifications_enabled: false,
        run_failure_notifications_enabled: false,
      },
    ]);
    expect(api.key?.endsWith(body.key_preview.slice(-4))).toBe(true);
  });

  row('7/notifications', async () => {
    const api = await tenant();
    const three = (email: boolean, tool: boolean, run: boolean) => ({
      email_notifications_enabled: email,
      tool_error_notifications_enabled: tool,
      run_failure_notifications_enabled: run,
    });
    const set = async (body: object) => (await api.post('/v1/me/notifications', body)).body;
    expect(await set({ run_failure_notifications_enabled: true })).toEqual(three(false, false, true));
    expect(await set({ email_notifications_enabled: true })).toEqual(three(true, true, true));
    const two = { email_notifications_enabled: false, tool_error_notifications_enabled: true };
    expect(await set(two)).toEqual(three(false, true, true));
    expect((await api.get('/v1/me')).body).toMatchObject(three(false, true, true));
    for (const empty of [
      {},
      { email_notifications_enabled: null },
      { other: true },
      { email_notifications_enabled: 1 },
    ])
      expect((await api.post('/v1/me/notifications', empty)).status).toBe(422);
    expect((await (await tenant()).get('/v1/me')).body).toMatchObject(three(false, false, false));
  });

  row('7/usage', async () => {
    const api = await tenant();
    await use(api);
    const make = { plan: 'small', month: month(), usage: 2, limit: 1, requests_total_month: 3, blocked_total_month: 0 };
    expect((await api.get('/v1/usage')).body).toEqual(make);
    expect((await api.get('/v1/usage?kind=make')).body).toEqual(make);
    // Two leases and one executed call; a repeat and a block cost nothing.
    const ai = { ...make, usage: 3, limit: 2, requests_total_month: 6 };
    expect((await api.get('/v1/usage?kind=ai')).body).toEqual(ai);
    expect((await api.get('/v1/usage?kind=other')).status).toBe(422);
  });

  row('7/usage-all', async () => {
    const api = await tenant();
    await use(api);
    const { headers, body } = await api.get('/v1/usage/all');
    expect(body).toEqual({
      plan: 'small',
      month: month(),
      make: {
        usage: 2,
        limit: 1,
        requests_total_month: 3,
        blocked_total_month: 0,
        charged_total_month: 2,
        polling_total_month: 0,
      },
      ai: {
        usage: 3,
        limit: 2,
        requests_total_month: 6,
        blocked_total_month: 0,
        charged_total_month: 3,
        polling_total_month: 1,
      },
    });
    expect([headers.get('x-onceonly-plan'), headers.get('x-onceonly-month')]).toEqual(['small', month()]);
  });

  row('7/usage-given-back', async () => {
    const api = await tenant();
    const tool = fresh('tool');
    await tollgate().register(tool, { url: tollgate().tool.url('nowhere').replace(/:\d+/, ':1'), max_retries: 0 }, api);
    expect((await api.run({ agent_id: 'a', tool })).body.decision).toBe('failed');
    await eventually('its credit is given back', async () => {
      const { ai } = (await api.get('/v1/usage/all')).body;
      return ai.usage === 0 && ai.charged_total_month === 0 && ai.requests_total_month === 1;
    });
  });

  row('7/metrics', async () => {
    const api = await tenant();
    await use(api);
    const expiring = await lease(api, 1);
    await eventually('it expires', async () => {
      const { body } = await api.get(`/v1/ai/status?key=${expiring.key}`);
      return body.error_code === 'timeout';
    });
    const { body } = await api.get(`/v1/metrics?from_day=${daysAgo(2)}&to_day=${today()}`);
    const zeros = {
      checks_total: 0,
      locks_created: 0,
      duplicates_blocked: 0,
      rate_limited: 0,
      ai_acquired: 0,
      ai_completed: 0,
      ai_failed: 0,
    };
    expect(body).toEqual([
      { day: daysAgo(2), ...zeros },
      { day: daysAgo(1), ...zeros },
      {
        day: today(),
        checks_total: 3,
        locks_created: 1,
        duplicates_blocked: 2,
        rate_limited: 0,
        ai_acquired: 3,
        ai_completed: 1,
        ai_failed: 2,
      },
    ]);
  });

  row('7/metrics-days', async () => {
    const api = await tenant();
    const status = async (query: string) => (await api.get(`/v1/metrics${query}`)).status;
    const days = (from: string, to: string) => `?from_day=${from}&to_day=${to}`;
    for (const bad of [
      '',
      '?from_day=2026-01-01',
      '?to_day=2026-01-01',
      days('2026-02-30', '2026-03-01'),
      days('2026-1-1', '2026-01-02'),
      days('2026-01-02', '2026-01-01'),
      days('2025-01-01', '2026-01-02'),
    ]) {
      expect([bad, await status(bad)]).toEqual([bad, 422]);
    }
    const { body } = await api.get(`/v1/metrics${days('2025-01-01', '2026-01-01')}`);
    expect([body.length, body[0].day, body.at(-1).day]).toEqual([366, '2025-01-01', '2026-01-01']);
  });

  row('7/account-agent-keys', async () => {
    const api = await tenant();
    const made = (await api.post('/v1/keys', { role: 'agent', agents: ['a'] })).body;
    const agent = api.as(made.key);
    const statuses = async (...paths: readonly string[]) =>
      await Promise.all(paths.map(async (path) => (await agent.get(path)).status));
    expect(await statuses('/v1/me', '/v1/usage', '/v1/usage/all')).toEqual([200, 200, 200]);
    expect(await statuses(`/v1/metrics?from_day=${today()}&to_day=${today()}`)).toEqual([403]);
    expect((await agent.post('/v1/me/notifications', { email_notifications_enabled: true })).status).toBe(403);
    expect((await agent.get('/v1/me')).body.key_preview).toBe(made.key_preview);
  });

  row('9/paid-goes-on', async () => {
    const api = await tenant();
    for (let n = 0; n < 4; n += 1) expect((await lease(api)).status).toBe('acquired');
    const key = fresh('key');
    for (let n = 0; n < 4; n += 1) expect((await check(api, key)).status).toBe(200);
    expect((await api.get('/v1/usage/all')).body).toMatchObject({
      make: { usage: 3, limit: 1, blocked_total_month: 0 },
      ai: { usage: 4, limit: 2, blocked_total_month: 0 },
    });
  });
});

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
