import { drop, Installation, newTenant, TOOL_SECRET, type Answer, type Api } from '../harness/index.js';
import { routesOfTenants } from './gateway-routes.js';

const AGENT = 'alpha';

/** G7: one tenant cannot read, use or influence anything of another. */
describe('two tenants', () => {
  let tollgate: Installation;
  /** Whose things they are. */
  let alice: Api;
  let bob: Api;
  let ids: Readonly<Record<'executed' | 'inDoubt' | 'run' | 'key' | 'tool' | 'agent' | 'leased', string>>;
  let before: unknown;
  beforeAll(async () => {
    tollgate = await Installation.start();
    alice = (await newTenant(tollgate, 'alice')).api;
    bob = (await newTenant(tollgate, 'bob')).api;
    ids = await thingsOf(alice);
    before = await everythingOf(alice);
  }, 60_000);
  afterAll(() => tollgate.stop(), 30_000);

  async function thingsOf(api: Api): Promise<typeof ids> {
    tollgate.tool.on('drops', drop);
    await tollgate.register('hers', {}, api);
    await tollgate.register('drops', {}, api);
    await tollgate.policy(AGENT, { allowed_tools: ['hers', 'drops'], max_actions_per_hour: 100 }, api);
    const run = { agent_id: AGENT, run_id: 'a-run-of-alice' };
    const executed = await api.run({ ...run, tool: 'hers', args: { n: 1 }, idempotency_key: 'same' });
    const inDoubt = await api.run({ ...run, tool: 'drops' });
    expect([executed.body.decision, inDoubt.body.policy_reason]).toEqual(['executed', 'outcome_unknown']);
    const key = await api.post('/v1/keys', { role: 'agent', agents: [AGENT] }, { 'idempotency-key': 'same' });
    await api.post('/v1/agents/gamma/disable', { reason: 'hers' });
    const leased = 'a-key-of-alice';
    await api.post('/v1/check-lock', { key: leased });
    await api.post('/v1/ai/lease', { key: leased });
    return {
      executed: executed.body.call_id as string,
      inDoubt: inDoubt.body.call_id as string,
      run: 'a-run-of-alice',
      key: key.body.id as string,
      tool: 'hers',
      agent: AGENT,
      leased,
    };
  }

  /** All that a tenant can read. */
  async function everythingOf(api: Api): Promise<unknown> {
    const paths = ['tools?scope_id=all', 'policies', 'keys', 'calls', `agents/${AGENT}/logs`, `runs/${ids.run}`];
    paths.push('runs', 'events', `agents/${AGENT}/metrics`);
    paths.push(`calls/${ids.executed}`, `calls/${ids.inDoubt}`, `policies/${AGENT}`, `tools/${ids.tool}`);
    return await Promise.all(paths.map(async (path) => [path, (await api.get(`/v1/${path}`)).body as unknown]));
  }

  interface Row {
    readonly route: string;
    /** Asks for hers, or for what nobody has. */
    readonly id: keyof typeof ids;
    readonly ask: (api: Api, id: string) => Promise<Answer>;
    readonly status: number;
  }
  const word = { outcome: 'executed', note: 'bob says so' };
  const auth = { type: 'hmac_sha256', secret: TOOL_SECRET };
  const rows: readonly Row[] = [
    { route: 'POST /v1/ai/run', id: 'tool', status: 404, ask: (api, tool) => api.run({ agent_id: 'nobody', tool }) },
    { route: 'GET /v1/calls', id: 'agent', status: 200, ask: (api, id) => api.get(`/v1/calls?agent_id=${id}`) },
    { route: 'GET /v1/calls/:call_id', id: 'executed', status: 404, ask: (api, id) => api.get(`/v1/calls/${id}`) },
    {
      route: 'POST /v1/calls/:call_id/resolve',
      id: 'inDoubt',
      status: 404,
      ask: (api, id) => api.post(`/v1/calls/${id}/resolve`, word),
    },
    { route: 'GET /v1/runs/:run_id', id: 'run', status: 200, ask: (api, id) => api.get(`/v1/runs/${id}`) },
    { route: 'GET /v1/runs', id: 'run', status: 200, ask: (api, id) => api.get(`/v1/runs?q=${id}`) },
    { route: 'GET /v1/events', id: 'run', status: 200, ask: (api) => api.get('/v1/events?after=0') },
    {
      route: 'POST /v1/events',
      id: 'run',
      status: 200,
      ask: (api, run_id) => api.post('/v1/events', { run_id, type: 'note', req_id: 'same' }),
    },
    {
      route: 'GET /v1/agents/:agent_id/metrics',
      id: 'agent',
      status: 200,
      ask: (api, id) => api.get(`/v1/agents/${id}/metrics`),
    },
    {
      route: 'GET /v1/agents/:agent_id/logs',
      id: 'agent',
      status: 200,
      ask: (api, id) => api.get(`/v1/agents/${id}/logs`),
    },
    {
      route: 'POST /v1/agents/:agent_id/disable',
      id: 'agent',
      status: 200,
      ask: (api, id) => api.post(`/v1/agents/${id}/disable`, {}),
    },
    {
      route: 'POST /v1/agents/:agent_id/enable',
      id: 'agent',
      status: 200,
      ask: (api, id) => api.post(`/v1/agents/${id}/enable`, {}),
    },
    { route: 'GET /v1/policies', id: 'agent', status: 200, ask: (api) => api.get('/v1/policies') },
    { route: 'GET /v1/policies/:agent_id', id: 'agent', status: 404, ask: (api, id) => api.get(`/v1/policies/${id}`) },
    {
      route: 'POST /v1/policies/:agent_id',
      id: 'agent',
      status: 201,
      ask: (api, id) => api.post(`/v1/policies/${id}`, { max_actions_per_hour: 5 }),
    },
    {
      route: 'POST /v1/policies/:agent_id/from-template',
      id: 'agent',
      status: 201,
      ask: (api, id) => api.post(`/v1/policies/${id}/from-template`, { template: 'strict' }),
    },
    {
      route: 'POST /v1/policies/:agent_id/test',
      id: 'agent',
      status: 404,
      ask: (api, id) => api.post(`/v1/policies/${id}/test`, { tool: ids.tool }),
    },
    {
      route: 'PUT /v1/policies/:agent_id',
      id: 'agent',
      status: 200,
      ask: (api, id) => api.put(`/v1/policies/${id}`, {}),
    },
    { route: 'GET /v1/tools', id: 'tool', status: 200, ask: (api) => api.get('/v1/tools?scope_id=all') },
    { route: 'GET /v1/tools/:name', id: 'tool', status: 404, ask: (api, id) => api.get(`/v1/tools/${id}`) },
    {
      route: 'POST /v1/tools/:name/toggle',
      id: 'tool',
      status: 404,
      ask: (api, id) => api.post(`/v1/tools/${id}/toggle`, { enabled: false }),
    },
    { route: 'DELETE /v1/tools/:name', id: 'tool', status: 404, ask: (api, id) => api.delete(`/v1/tools/${id}`) },
    // An upsert that leaves the URL to the tool that is there: there is none.
    { route: 'POST /v1/tools', id: 'tool', status: 422, ask: (api, name) => api.post('/v1/tools', { name, auth }) },
    { route: 'GET /v1/keys', id: 'key', status: 200, ask: (api) => api.get('/v1/keys') },
    { route: 'DELETE /v1/keys/:id', id: 'key', status: 404, ask: (api, id) => api.delete(`/v1/keys/${id}`) },
    ...['status', 'result'].map((what) => ({
      route: `GET /v1/ai/${what}`,
      id: 'leased' as const,
      status: 404,
      ask: (api: Api, key: string) => api.get(`/v1/ai/${what}?key=${key}`),
    })),
    ...['extend', 'complete', 'fail', 'cancel', 'reset'].map((verb) => ({
      route: `POST /v1/ai/${verb}`,
      id: 'leased' as const,
      status: 404,
      ask: (api: Api, key: string) => api.post(`/v1/ai/${verb}`, { key, lease_id: 'l', error_code: 'x' }),
    })),
    // Behind the others: hers does not stand in the way of one of his own.
    {
      route: 'POST /v1/check-lock',
      id: 'leased',
      status: 200,
      ask: (api, key) => api.post('/v1/check-lock', { key }),
    },
    {
      route: 'POST /v1/ai/lease',
      id: 'leased',
      status: 200,
      ask: async (api, key) => {
        const { body, ...answer } = await api.post('/v1/ai/lease', { key });
        return { ...answer, body: { status: body.status, version: body.version } };
      },
    },
    { route: 'GET /v1/me', id: 'key', status: 200, ask: (api) => api.get('/v1/me') },
    {
      route: 'POST /v1/me/notifications',
      id: 'key',
      status: 200,
      ask: (api) => api.post('/v1/me/notifications', { email_notifications_enabled: true }),
    },
    { route: 'GET /v1/usage', id: 'key', status: 200, ask: (api) => api.get('/v1/usage') },
    { route: 'GET /v1/usage/all', id: 'key', status: 200, ask: (api) => api.get('/v1/usage/all') },
    {
      route: 'GET /v1/metrics',
      id: 'key',
      status: 200,
      ask: (api) => api.get('/v1/metrics?from_day=2026-01-01&to_day=2026-01-01'),
    },
    { route: 'POST /v1/keys', id: 'key', status: 201, ask: (api) => api.post('/v1/keys', { role: 'admin' }) },
  ];

  it('every route of the gateway that has something of a tenant is asked below', () => {
    expect([...new Set(rows.map(({ route }) => route))].sort()).toEqual([...new Set(routesOfTenants())].sort());
  });

  it.each(rows)("$route: another tenant's id answers as an unknown one", async ({ ask, id, status }) => {
    const unknown = `${ids[id].slice(0, -1)}X`;
    const [hers, nobodys] = [await ask(bob, ids[id]), await ask(bob, unknown)];
    expect(hers.status).toBe(status);
    expect(told(hers, ids[id])).toEqual(told(nobodys, unknown));
    // Bob may have made a thing of his own under her name; hers is nowhere in the answer.
    expect(JSON.stringify(hers.body)).not.toContain(tollgate.tool.url(''));
  });

  it('nothing of hers has changed, and she goes on as before', async () => {
    expect(await everythingOf(alice)).toEqual(before);
    const { body } = await alice.run({ agent_id: AGENT, tool: 'hers', args: { n: 2 } });
    expect(body.decision).toBe('executed');
  });

  it('the same names, arguments, runs and idempotency keys mean other things in another tenant', async () => {
    await tollgate.register('hers', {}, bob);
    const call = { agent_id: AGENT, tool: 'hers', args: { n: 1 }, run_id: ids.run, idempotency_key: 'same' };
    const { body } = await bob.run(call);
    expect(body.decision).toBe('executed');
    const [first, , second] = tollgate.tool.at('hers');
    expect(second?.body.call_id).toBe(body.call_id);
    expect(second?.body.idempotency_key).not.toBe(first?.body.idempotency_key);
    const original = (await alice.get(`/v1/calls/${ids.executed}`)).body;
    expect(body.args_hash).not.toBe(original.args_hash);
    const timeline = async (api: Api): Promise<string[]> => {
      const { events } = (await api.get(`/v1/runs/${ids.run}`)).body as { events: { call_id: string | null }[] };
      return [...new Set(events.flatMap(({ call_id }) => call_id ?? []))];
    };
    expect(await timeline(bob)).toEqual([body.call_id]);
    expect((await timeline(alice)).sort()).toEqual([ids.executed, ids.inDoubt].sort());
    const key = await bob.post('/v1/keys', { role: 'agent', agents: [AGENT] }, { 'idempotency-key': 'same' });
    expect(key.status).toBe(201);
    expect(key.body.id).not.toBe(ids.key);
  });

  it('caps and kill switch of an agent are those of its own tenant', async () => {
    for (const api of [alice, bob]) {
      await tollgate.register('counted', {}, api);
      await tollgate.policy('beta', { max_actions_per_hour: 2 }, api);
    }
    const reason = async (api: Api, n: number): Promise<string> =>
      (await api.run({ agent_id: 'beta', tool: 'counted', args: { n } })).body.policy_reason as string;
    const both = async (n: number): Promise<string[]> => [await reason(alice, n), await reason(bob, n)];
    expect([await reason(alice, 1), await reason(alice, 2)]).toEqual(['ok', 'ok']);
    expect(await both(3)).toEqual(['max_actions_per_hour_exceeded', 'ok']);
    await bob.post('/v1/agents/beta/disable', {});
    expect(await both(4)).toEqual(['max_actions_per_hour_exceeded', 'agent_disabled']);
    expect((await bob.run({ agent_id: 'gamma', tool: 'counted' })).body.decision).toBe('executed');
  });
});

/** An answer, with what names the thing asked for or the moment left out. */
function told({ status, body }: Answer, id: string): unknown {
  const text = JSON.stringify(body ?? null)
    .replaceAll(id, '<id>')
    .replaceAll(/"event_id":\d+/g, '"event_id":0')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/(call|key)_[\w-]+|tg_live_[\w…-]+/g, '<id>');
  return { status, body: JSON.parse(text) as unknown };
}
