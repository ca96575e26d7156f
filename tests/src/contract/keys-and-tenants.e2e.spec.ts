import { drop, type Api } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';
import { adminCommand, createTenant } from './tenant.js';

const REFUSED = { status: 403, body: { detail: 'Invalid API key' } };
const FORBIDDEN = { status: 403, body: { detail: { error: 'forbidden' } } };

describe('contract 7, keys and tenants', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  const create = async (body: object, headers = {}) => (await api().post('/v1/keys', body, headers)).body;
  const keyFor = async (...agents: string[]): Promise<Api> => api().as((await create({ role: 'agent', agents })).key);

  /** An agent with a policy, and a tool. */
  async function pair(by: Api = api()) {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(call.tool, {}, by);
    await tollgate().policy(call.agent_id, {}, by);
    return call;
  }

  describe('keys', () => {
    row('7/create', async () => {
      const agents = [fresh('agent'), fresh('agent')];
      const expires_at = '2099-01-01T00:00:00.000Z';
      const { status, body } = await api().post('/v1/keys', { name: 'the crawler', role: 'agent', agents, expires_at });
      expect([status, body]).toEqual([
        201,
        {
          id: expect.stringMatching(/^key_/),
          key: expect.stringMatching(/^tg_live_/),
          key_preview: `tg_live_…${body.key.slice(-4)}`,
          name: 'the crawler',
          role: 'agent',
          agents,
          created_at: expect.stringMatching(/Z$/),
          expires_at,
        },
      ]);
      expect(await create({ role: 'admin' })).toMatchObject({
        name: null,
        role: 'admin',
        agents: [],
        expires_at: null,
      });
    });

    row('0/key-known', async () => {
      const gateway = await tollgate().startProcess('gateway');
      const other = tollgate().apiOf(gateway);
      for (let time = 0; time < 5; time += 1) {
        const { key } = await create({ role: 'admin' });
        expect((await other.as(key).get('/v1/tools')).status).toBe(200);
      }
      await gateway.stop();
    });

    row('7/members', async () => {
      for (const bad of [
        {},
        { role: 'root' },
        { role: 5 },
        { role: 'agent' },
        { role: 'agent', agents: [] },
        { role: 'agent', agents: 'a' },
        { role: 'agent', agents: [5] },
        { role: 'agent', agents: [''] },
        { role: 'agent', agents: ['a/b'] },
        { role: 'admin', expires_at: 'tomorrow' },
        { role: 'admin', expires_at: 5 },
        { role: 'admin', expires_at: '2026-02-30T00:00:00Z' },
        { role: 'admin', name: 5 },
        { role: 'admin', name: 'x'.repeat(257) },
      ]) {
        expect([bad, (await api().post('/v1/keys', bad)).status]).toEqual([bad, 422]);
      }
    });

    row('7/list', async () => {
      const { key, ...shown } = await create({ role: 'agent', agents: ['a'], name: fresh('name') });
      const { status, body } = await api().get('/v1/keys');
      expect([status, body]).toEqual([200, expect.arrayContaining([shown])]);
      expect(JSON.stringify(body)).not.toContain(key);
      expect(JSON.stringify(body)).not.toContain(tollgate().adminKey);
      for (const one of body) expect(one).not.toHaveProperty('key');
    });

    row('7/delete', async () => {
      const call = await pair();
      const { id, key } = await create({ role: 'agent', agents: [call.agent_id] });
      expect((await api().as(key).run(call)).body.decision).toBe('executed');
      expect(await api().delete(`/v1/keys/${id}`)).toMatchObject({ status: 200, body: { ok: true, deleted: id } });
      expect(await api().as(key).run(call)).toMatchObject(REFUSED);
      expect(await api().as(key).get('/v1/calls')).toMatchObject(REFUSED);
      expect((await api().get('/v1/keys')).body.map((one: Json) => one.id)).not.toContain(id);
    });

    row('7/expiry', async () => {
      const expires = Date.now() + 1_500;
      const { key } = await create({ role: 'admin', expires_at: new Date(expires).toISOString() });
      expect((await api().as(key).get('/v1/keys')).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, expires + 20 - Date.now()));
      expect(await api().as(key).get('/v1/keys')).toMatchObject(REFUSED);
    });

    row('7/idempotency', async () => {
      const headers = { 'idempotency-key': fresh('once') };
      const body = { role: 'agent', agents: ['a'] };
      const first = await api().post('/v1/keys', body, headers);
      const again = await api().post('/v1/keys', body, headers);
      expect([again.status, again.body]).toEqual([201, first.body]);
      expect(await api().post('/v1/keys', { role: 'admin' }, headers)).toMatchObject({
        status: 409,
        body: { detail: { error: 'idempotency_key_reused' } },
      });
      const [one, other] = [await create(body), await create(body)];
      expect(one.key).not.toBe(other.key);
      expect((await create(body, { 'idempotency-key': fresh('once') })).key).not.toBe(first.body.key);
    });

    row('7/star', async () => {
      const call = await pair();
      expect((await (await keyFor('*')).run(call)).body.decision).toBe('executed');
      expect(await (await keyFor('agent-*')).run(call)).toMatchObject({ status: 403 });
    });

    row('7/agent-may', async () => {
      const [mine, other] = [await pair(), await pair()];
      const run_id = fresh('run');
      const agent = await keyFor(mine.agent_id, fresh('agent'));
      const ran = (await agent.run({ ...mine, run_id })).body;
      expect(ran.decision).toBe('executed');
      const foreign = (await api().run({ ...other, run_id })).body;
      expect((await agent.get(`/v1/calls/${ran.call_id}`)).body).toEqual(ran);
      expect(await agent.get(`/v1/calls/${foreign.call_id}`)).toMatchObject({ status: 403 });
      expect((await agent.get('/v1/calls')).body.map(({ call_id }: Json) => call_id)).toEqual([ran.call_id]);
      expect((await agent.get(`/v1/agents/${mine.agent_id}/logs`)).body).toHaveLength(1);
      expect(await agent.get(`/v1/agents/${other.agent_id}/logs`)).toMatchObject(FORBIDDEN);
      expect((await agent.get(`/v1/runs/${run_id}`)).body.events.map(({ call_id }: Json) => call_id)).not.toContain(
        foreign.call_id,
      );
      expect(await agent.run(other)).toMatchObject(FORBIDDEN);
      expect(await agent.get(`/v1/calls?agent_id=${other.agent_id}`)).toMatchObject(FORBIDDEN);
    });

    row('7/agent-may-not', async () => {
      const mine = await pair();
      const agent = await keyFor(mine.agent_id, '*');
      for (const [method, path, body] of [
        ['POST', '/v1/keys', { role: 'admin' }],
        ['GET', '/v1/keys'],
        ['DELETE', '/v1/keys/key_x'],
        ['POST', '/v1/tools', { name: 'x' }],
        ['GET', '/v1/tools'],
        ['GET', `/v1/tools/${mine.tool}`],
        ['POST', `/v1/tools/${mine.tool}/toggle`, { enabled: false }],
        ['DELETE', `/v1/tools/${mine.tool}`],
        ['GET', '/v1/policies'],
        ['GET', `/v1/policies/${mine.agent_id}`],
        ['POST', `/v1/policies/${mine.agent_id}`, {}],
        ['POST', `/v1/policies/${mine.agent_id}/from-template`, { template: 'strict' }],
        ['POST', `/v1/policies/${mine.agent_id}/test`, { tool: 'x' }],
        ['PUT', `/v1/policies/${mine.agent_id}`, {}],
        ['POST', `/v1/agents/${mine.agent_id}/disable`],
        ['POST', `/v1/agents/${mine.agent_id}/enable`],
        ['POST', '/v1/calls/call_x/resolve', { outcome: 'failed', note: 'n' }],
        ['POST', '/v1/me/notifications', {}],
        ['GET', '/v1/metrics'],
        ['GET', `/v1/agents/${mine.agent_id}/metrics`],
        ['GET', '/v1/events'],
      ] as const) {
        expect([method, path, await agent.send(method, path, { body })]).toMatchObject([method, path, FORBIDDEN]);
      }
      expect((await api().run(mine)).body.decision).toBe('executed');
    });
  });

  describe('tenants', () => {
    row('7/tenants', async () => {
      const name = fresh('tenant');
      const created = await adminCommand(tollgate(), 'tenant', 'create', name);
      expect(created).toMatchObject({
        id: expect.any(String),
        name,
        admin_key: { key: expect.stringMatching(/^tg_live_/) },
      });
      expect(await adminCommand(tollgate(), 'tenant', 'list')).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: created.id, name })]),
      );
      const theirs = api().as(created.admin_key.key);
      expect((await theirs.get('/v1/keys')).body).toMatchObject([{ id: created.admin_key.id, role: 'admin' }]);
      const call = await pair(theirs);
      expect((await theirs.run(call)).body.decision).toBe('executed');
    });

    row('7/foreign', async () => {
      const mine = await pair();
      await tollgate().policy(mine.agent_id, { max_actions_per_hour: 5 });
      tollgate().tool.on(mine.tool, drop);
      const held = (await api().run({ ...mine, run_id: fresh('run') })).body;
      const key = await create({ role: 'admin' });
      const { api: theirs } = await createTenant(tollgate(), fresh('tenant'));
      const unknown = (error: string) => ({ status: 404, body: { detail: { error } } });
      // The same answers as for an id that nobody has.
      const answers = async (of: { call: string; key: string; tool: string; agent: string; run: string }) =>
        [
          await theirs.get(`/v1/calls/${of.call}`),
          await theirs.post(`/v1/calls/${of.call}/resolve`, { outcome: 'failed', note: 'n' }),
          await theirs.delete(`/v1/keys/${of.key}`),
          await theirs.get(`/v1/tools/${of.tool}`),
          await theirs.post(`/v1/tools/${of.tool}/toggle`, { enabled: false }),
          await theirs.delete(`/v1/tools/${of.tool}`),
          await theirs.get(`/v1/policies/${of.agent}`),
          await theirs.run({ agent_id: of.agent, tool: of.tool }),
        ].map(({ status, body }) => ({ status, body }));
      const foreign = await answers({
        call: held.call_id,
        key: key.id,
        tool: mine.tool,
        agent: mine.agent_id,
        run: held.run_id,
      });
      expect(foreign).toEqual(
        await answers({ call: 'call_nobody', key: 'key_nobody', tool: 'nobody', agent: 'nobody', run: 'nobody' }),
      );
      expect(foreign).toMatchObject([
        ...Array(3).fill(unknown('not_found')),
        ...Array(3).fill(unknown('tool_not_found')),
        unknown('policy_not_found'),
        unknown('tool_not_found'),
      ]);
      expect((await theirs.get(`/v1/runs/${held.run_id}`)).body).toEqual({ run_id: held.run_id, total: 0, events: [] });
      expect((await theirs.get('/v1/calls?status=in_doubt')).body).toEqual([]);
      expect((await theirs.get('/v1/tools?scope_id=all')).body).toEqual([]);
      expect((await theirs.get('/v1/policies')).body).toEqual([]);
      // Nothing of mine has changed.
      expect((await api().get(`/v1/calls/${held.call_id}`)).body.policy_reason).toBe('outcome_unknown');
      expect((await api().as(key.key).get('/v1/keys')).status).toBe(200);
      expect((await api().get(`/v1/tools/${mine.tool}`)).body.enabled).toBe(true);
    });

    row('7/namespaces', async () => {
      const mine = await pair();
      const { api: theirs } = await createTenant(tollgate(), fresh('tenant'));
      await tollgate().register(mine.tool, { url: tollgate().tool.url(`${mine.tool}/theirs`) }, theirs);
      const call = { ...mine, idempotency_key: 'same', run_id: fresh('run'), args: { n: 1 } };
      const [first, second] = [(await api().run(call)).body, (await theirs.run(call)).body];
      expect([first.decision, second.decision]).toEqual(['executed', 'executed']);
      expect(first.args_hash).not.toBe(second.args_hash);
      expect(tollgate().tool.at(mine.tool)).toHaveLength(1);
      expect(
        (await theirs.get(`/v1/runs/${call.run_id}`)).body.events.map(({ call_id }: Json) => call_id),
      ).not.toContain(first.call_id);
      expect((await theirs.get(`/v1/agents/${mine.agent_id}/logs`)).body).toHaveLength(1);
      // Their kill switch, policy and tool are not mine.
      await theirs.post(`/v1/agents/${mine.agent_id}/disable`);
      await tollgate().policy(mine.agent_id, { blocked_tools: [mine.tool] }, theirs);
      await theirs.post(`/v1/tools/${mine.tool}/toggle`, { enabled: false });
      expect((await api().run({ ...mine, args: { n: 2 } })).body.decision).toBe('executed');
      expect((await theirs.run({ ...mine, args: { n: 2 } })).body.policy_reason).toBe('agent_disabled');
    });
  });
});
