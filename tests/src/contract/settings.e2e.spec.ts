import { endedAgo } from './ended-ago.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

describe('what the contract leaves to settings', () => {
  const tollgate = installed({
    env: {
      TOLLGATE_TOOL_ADDRESSES: 'public',
      TOLLGATE_NO_POLICY_ADMIN: 'deny',
      TOLLGATE_UNKNOWN_TOOLS: 'refuse',
      TOLLGATE_CHECK_LOCK_DUPLICATES: 'conflict',
      TOLLGATE_LOG_RETENTION_DAYS: '30',
    },
  });
  const api = () => PatientApi.of(tollgate().api);
  const register = (name: string, url: string, more: object = {}) =>
    api().post('/v1/tools', { name, url, auth: { type: 'hmac_sha256', secret: 'secret-secret' }, ...more });

  row('0/400-unknown-tools', async () => {
    const [agent, known, mine] = [fresh('agent'), fresh('tool'), fresh('tool')];
    await register(known, 'https://example.com/');
    await register(mine, 'https://example.com/', { scope_id: `agent:${agent}` });
    const refused = async (policy: object, tools: string[]) => {
      for (const method of ['POST', 'PUT']) {
        const { status, body } = await api().send(method, `/v1/policies/${agent}`, { body: policy });
        expect([status, body.detail]).toEqual([400, { error: 'unknown_tools', message: expect.any(String), tools }]);
      }
    };
    await refused({ allowed_tools: [known, 'nobody', 'none'] }, ['nobody', 'none']);
    await refused({ blocked_tools: ['nobody'] }, ['nobody']);
    await refused({ max_calls_per_tool: { nobody: 1 } }, ['nobody']);
    await refused({ pricing_rules: [{ tool: 'nobody', price_usd: 1 }] }, ['nobody']);
    expect((await api().get(`/v1/policies/${agent}`)).status).toBe(404);
    expect((await api().post(`/v1/policies/${agent}`, { allowed_tools: [known, mine] })).status).toBe(201);
    expect((await api().post(`/v1/policies/${fresh('agent')}`, { allowed_tools: [mine] })).status).toBe(400);
  });

  row('1/conflict', async () => {
    const key = fresh('key');
    const check = (headers = {}) => api().post('/v1/check-lock', { key, ttl: 60 }, headers);
    const mine = { 'idempotency-key': fresh('mine') };
    expect((await check(mine)).body.status).toBe('locked');
    const { status, body } = await check();
    const first_seen_at = expect.stringMatching(/^\d{4}-.*Z$/);
    expect([status, body]).toEqual([
      409,
      { detail: { error: 'Duplicate blocked', message: expect.any(String), first_seen_at } },
    ]);
    // Whoever holds it is told again that it does.
    expect(await check(mine)).toMatchObject({ status: 200, body: { success: true, status: 'locked' } });
    expect((await api().get('/v1/usage')).body).toMatchObject({ usage: 1 });
  });

  row('4/template-unknown-tools', async () => {
    const [agent, known] = [fresh('agent'), fresh('tool')];
    await register(known, 'https://example.com/');
    const post = (overrides: object) =>
      api().post(`/v1/policies/${agent}/from-template`, { template: 'strict', overrides });
    const { status, body } = await post({ allowed_tools: [known, 'nobody'], blocked_tools: ['none'] });
    expect([status, body.detail.error, body.detail.tools]).toEqual([400, 'unknown_tools', ['nobody', 'none']]);
    expect((await api().get(`/v1/policies/${agent}`)).status).toBe(404);
    expect((await post({ allowed_tools: [known] })).status).toBe(201);
  });

  row('4/test-unknown-tools', async () => {
    const tool = fresh('tool');
    await register(tool, 'https://example.com/');
    const post = (policy: object) => api().post('/v1/policies/a/test', { tool, policy });
    const { status, body } = await post({ blocked_tools: ['nobody'] });
    expect([status, body.detail.error, body.detail.tools]).toEqual([400, 'unknown_tools', ['nobody']]);
    expect((await post({ blocked_tools: [tool] })).body.policy_reason).toBe('tool_explicitly_blocked');
  });

  row('4/no-policy-deny', async () => {
    const [agent_id, tool] = [fresh('agent'), fresh('tool')];
    await register(tool, 'http://localhost:1/');
    const denied = {
      allowed: false,
      decision: 'blocked',
      policy_reason: 'tool_not_in_allowed_list',
      risk_level: 'medium',
    };
    expect((await api().run({ agent_id, tool })).body).toMatchObject(denied);
    await tollgate().policy(agent_id, {});
    expect((await api().run({ agent_id, tool })).body.decision).toBe('failed');
  });

  row('5/logs-kept-longer', async () => {
    const agent_id = fresh('agent');
    const run = async (n: number): Promise<string> =>
      (await api().run({ agent_id, tool: 'nobody', args: { n } })).body.call_id;
    const [old, kept] = [await run(1), await run(2)];
    const logged = async (): Promise<string[]> =>
      (await api().get(`/v1/agents/${agent_id}/logs`)).body.map(({ call_id }: Json) => call_id);
    expect(await logged()).toEqual([kept, old]);
    await endedAgo(tollgate().postgres.url, old, 30.1);
    await endedAgo(tollgate().postgres.url, kept, 29.9);
    expect(await logged()).toEqual([kept]);
  });

  row('6/address-literal', async () => {
    for (const host of [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '0.0.0.0',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.169.254',
      '192.0.2.1',
      '198.18.0.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '[::]',
      '[::1]',
      '[fe80::1]',
      '[fd00::1]',
      '[ff02::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:10.0.0.1]',
      '[::ffff:a9fe:a9fe]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[2001:db8::1]',
      '127.0.0.1.',
      '１２７.0.0.1',
    ]) {
      const { status, body } = await register(fresh('tool'), `http://${host}/`);
      expect([host, status, body.detail?.[0]?.loc]).toEqual([host, 422, ['body', 'url']]);
    }
    for (const host of ['8.8.8.8', '[2606:4700:4700::1111]', '[::ffff:8.8.8.8]', 'example.com']) {
      expect([host, (await register(fresh('tool'), `http://${host}/`)).status]).toEqual([host, 201]);
    }
  });

  row('6/address-name', async () => {
    const [agent_id, tool] = [fresh('agent'), fresh('tool')];
    const { port } = new URL(tollgate().tool.url('x'));
    await register(tool, `http://localhost:${port}/${tool}`, { max_retries: 0 });
    await tollgate().policy(agent_id, {});
    expect((await api().run({ agent_id, tool })).body).toMatchObject({
      ok: false,
      allowed: true,
      decision: 'failed',
      policy_reason: 'tool_error',
      result: { error: 'address_refused', status: null },
    });
    expect(tollgate().tool.received).toHaveLength(0);
  });
});
