import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

describe('contract 4 and 5, policies and agents', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  let tool = '';
  beforeAll(async () => {
    tool = fresh('tool');
    await tollgate().register(tool);
  });

  const ALL = {
    allowed_tools: ['a', 'b'],
    blocked_tools: ['c'],
    max_actions_per_hour: 10,
    max_spend_usd_per_day: 2.5,
    max_calls_per_tool: { a: 3, b: 4 },
    pricing_rules: [{ tool: 'a', price_usd: 0.25 }],
  };
  const post = (agent: string, policy: object) => api().post(`/v1/policies/${agent}`, policy);
  const decide = async (agent_id: string, more: object = {}, key?: string) =>
    (await (key === undefined ? api() : api().as(key)).run({ agent_id, tool, args: { of: fresh('call') }, ...more }))
      .body;

  describe('policies', () => {
    row('4/members', async () => {
      const bad = {
        allowed_tools: ['text', 5, { a: 1 }, [1], [''], ['x'.repeat(129)], ['a\u0001']],
        blocked_tools: ['text', [null, 5]],
        max_actions_per_hour: [-1, 1.5, '5', true, 1e15 + 0.5, {}],
        max_spend_usd_per_day: [-0.01, '1', true, 1e10],
        max_calls_per_tool: [{ a: 0 }, { a: -1 }, { a: 1.5 }, { a: '1' }, [1], 5, { '': 1 }],
        pricing_rules: [
          { a: 1 },
          [{ tool: 'a' }],
          [{ price_usd: 1 }],
          [{ tool: 'a', price_usd: -1 }],
          [{ tool: 'a', price_usd: '1' }],
          [5],
        ],
      };
      const agent = fresh('agent');
      for (const [member, values] of Object.entries(bad)) {
        for (const value of values) {
          for (const method of ['POST', 'PUT']) {
            const { status, body } = await api().send(method, `/v1/policies/${agent}`, { body: { [member]: value } });
            expect([member, value, status, body.detail[0]?.loc?.slice(0, 2)]).toEqual([
              member,
              value,
              422,
              ['body', member],
            ]);
          }
        }
      }
      expect((await api().get(`/v1/policies/${agent}`)).status).toBe(404);
      expect((await post(agent, { max_actions_per_hour: 0, max_spend_usd_per_day: 0 })).body.policy).toEqual({
        max_actions_per_hour: 0,
        max_spend_usd_per_day: 0,
      });
    });

    row('4/post', async () => {
      const agent = fresh('agent');
      const first = await post(agent, ALL);
      expect([first.status, first.body]).toEqual([
        201,
        { agent_id: agent, policy: ALL, version: 1, updated_at: expect.stringMatching(/Z$/) },
      ]);
      const second = await post(agent, { agent_id: agent, max_actions_per_hour: 5 });
      expect(second.body).toMatchObject({ policy: { ...ALL, max_actions_per_hour: 5 }, version: 2 });
    });

    row('4/clear', async () => {
      const agent = fresh('agent');
      await post(agent, ALL);
      const cleared = await post(agent, {
        allowed_tools: [],
        blocked_tools: null,
        max_actions_per_hour: null,
        max_spend_usd_per_day: null,
      });
      expect(cleared.body.policy).toEqual({
        max_calls_per_tool: ALL.max_calls_per_tool,
        pricing_rules: ALL.pricing_rules,
      });
      expect((await post(agent, { max_calls_per_tool: null, pricing_rules: [] })).body.policy).toEqual({});
      expect((await decide(agent)).decision).toBe('executed');
    });

    row('4/put', async () => {
      const agent = fresh('agent');
      await post(agent, ALL);
      const { body } = await api().put(`/v1/policies/${agent}`, { blocked_tools: ['x'] });
      expect(body).toMatchObject({ agent_id: agent, policy: { blocked_tools: ['x'] }, version: 2 });
      expect(body.policy).toEqual({ blocked_tools: ['x'] });
    });

    row('4/empty-allow-list', async () => {
      const [absent, empty] = [fresh('agent'), fresh('agent')];
      await post(absent, { blocked_tools: ['x'] });
      await post(empty, { allowed_tools: [] });
      const agentKey = (await api().post('/v1/keys', { role: 'agent', agents: ['*'] })).body.key;
      for (const agent of [absent, empty]) expect((await decide(agent, {}, agentKey)).decision).toBe('executed');
    });

    row('4/no-policy-admin', async () => {
      const agent = fresh('agent');
      for (let n = 0; n < 5; n += 1) expect((await decide(agent, { spend_usd: 1e6 })).decision).toBe('executed');
    });

    row('4/no-policy-agent', async () => {
      const agent = fresh('agent');
      const agentKey = (await api().post('/v1/keys', { role: 'agent', agents: [agent] })).body.key;
      expect(await decide(agent, {}, agentKey)).toMatchObject({
        allowed: false,
        decision: 'blocked',
        policy_reason: 'tool_not_in_allowed_list',
      });
      await post(agent, {});
      expect((await decide(agent, {}, agentKey)).decision).toBe('executed');
    });

    const template = (agent: string, sent: object) => api().post(`/v1/policies/${agent}/from-template`, sent);

    row('4/templates', async () => {
      const numbers = {
        strict: [50, 2],
        moderate: [200, 10],
        permissive: [1000, 50],
        read_only: [200, 0],
        support_bot: [500, 10],
      };
      for (const [name, [max_actions_per_hour, max_spend_usd_per_day]] of Object.entries(numbers)) {
        const agent = fresh('agent');
        const { status, body } = await template(agent, { template: name });
        const policy = { max_actions_per_hour, max_spend_usd_per_day };
        expect([status, body]).toEqual([
          201,
          { agent_id: agent, policy, version: 1, updated_at: expect.stringMatching(/Z$/) },
        ]);
        expect((await api().get(`/v1/policies/${agent}`)).body).toEqual(body);
        // In force when answered: the read-only one lets free calls pass only.
        expect((await decide(agent, { spend_usd: 2 })).decision).toBe(name === 'read_only' ? 'blocked' : 'executed');
      }
      for (const sent of [{ template: 'lax' }, {}, { template: null }, { template: 'strict', overrides: [] }]) {
        expect((await template(fresh('agent'), sent)).status).toBe(422);
      }
      const bad = await template(fresh('agent'), { template: 'strict', overrides: { max_actions_per_hour: -1 } });
      expect([bad.status, bad.body.detail[0].loc]).toEqual([422, ['body', 'overrides', 'max_actions_per_hour']]);
    });

    row('4/template-merged', async () => {
      const agent = fresh('agent');
      await post(agent, ALL);
      const { body } = await template(agent, {
        template: 'moderate',
        overrides: { max_spend_usd_per_day: 7, blocked_tools: null, allowed_tools: ['z'] },
      });
      const { blocked_tools: _cleared, ...stays } = ALL;
      expect(body).toMatchObject({ version: 2 });
      expect(body.policy).toEqual({
        ...stays,
        allowed_tools: ['z'],
        max_actions_per_hour: 200,
        max_spend_usd_per_day: 7,
      });
      const cleared = await template(agent, { template: 'moderate', overrides: { max_actions_per_hour: null } });
      expect(cleared.body.policy).toMatchObject({ max_spend_usd_per_day: 10 });
      expect(cleared.body.policy).not.toHaveProperty('max_actions_per_hour');
      expect(
        (await template(agent, { template: 'moderate', overrides: { max_actions_per_hour: null } })).body.version,
      ).toBe(3);
      const another = await template(agent, { template: 'strict', overrides: { agent_id: 'another' } });
      expect(another.status).toBe(422);
    });

    row('4/path-agent', async () => {
      const agent = fresh('agent');
      for (const method of ['POST', 'PUT']) {
        const { status, body } = await api().send(method, `/v1/policies/${agent}`, { body: { agent_id: 'another' } });
        expect([status, body.detail[0].loc]).toEqual([422, ['body', 'agent_id']]);
      }
      expect((await api().get(`/v1/policies/${agent}`)).status).toBe(404);
    });

    row('4/list', async () => {
      const agents = ['b', 'a', 'B'].map((letter) => `${letter}-${fresh('listed')}`);
      for (const agent of agents) await post(agent, { max_actions_per_hour: 1 });
      const listed = (await api().get('/v1/policies')).body;
      const ids = listed.map(({ agent_id }: Json) => agent_id);
      expect(ids).toEqual([...ids].sort());
      expect(ids).toEqual(expect.arrayContaining(agents));
      expect(listed.find(({ agent_id }: Json) => agent_id === agents[0])).toEqual(
        (await api().get(`/v1/policies/${agents[0]}`)).body,
      );
    });

    row('4/one', async () => {
      const agent = fresh('agent');
      expect(await api().get(`/v1/policies/${agent}`)).toMatchObject({
        status: 404,
        body: { detail: { error: 'policy_not_found' } },
      });
      const stored = await post(agent, ALL);
      expect(await api().get(`/v1/policies/${agent}`)).toMatchObject({ status: 200, body: stored.body });
    });
  });

  describe('agents', () => {
    row('5/disable', async () => {
      const agent_id = fresh('agent');
      const before = Date.now();
      const { status, body } = await api().post(`/v1/agents/${agent_id}/disable`, { reason: 'it spends too much' });
      expect([status, body]).toEqual([
        200,
        {
          agent_id,
          is_enabled: false,
          disabled_reason: 'it spends too much',
          disabled_at: expect.stringMatching(/Z$/),
        },
      ]);
      expect(Date.parse(body.disabled_at)).toBeGreaterThanOrEqual(before);
      expect((await decide(agent_id)).policy_reason).toBe('agent_disabled');
      expect((await api().post(`/v1/agents/${fresh('agent')}/disable`)).body.disabled_reason).toBeNull();
    });

    row('5/enable', async () => {
      const agent_id = fresh('agent');
      const enabled = { agent_id, is_enabled: true, disabled_reason: null, disabled_at: null };
      expect((await api().post(`/v1/agents/${agent_id}/enable`)).body).toEqual(enabled);
      await api().post(`/v1/agents/${agent_id}/disable`, { reason: 'why' });
      expect((await api().post(`/v1/agents/${agent_id}/enable`, {})).body).toEqual(enabled);
      expect((await decide(agent_id)).decision).toBe('executed');
    });

    row('5/logs', async () => {
      const agent_id = fresh('agent');
      const { version } = (await post(agent_id, { blocked_tools: ['x'] })).body;
      const run_id = fresh('run');
      const executed = await decide(agent_id, { spend_usd: 0.5, run_id, args: { n: 1 } });
      const dedup = await decide(agent_id, { spend_usd: 0.5, args: { n: 1 } });
      const blocked = await decide(agent_id, { tool: 'x' });
      const logs = (await api().get(`/v1/agents/${agent_id}/logs`)).body;
      const rowOf = ({ ok: _ok, result: _result, original_call_id: _original, ...shown }: Json, more = {}) => ({
        ...shown,
        ts: expect.any(Number),
        agent_id,
        tool,
        policy_version: version,
        ...more,
      });
      expect(logs).toEqual([rowOf(blocked, { tool: 'x' }), rowOf(dedup), rowOf(executed)]);
      expect(logs[2]).toMatchObject({ run_id, spend_usd: 0.5, decision: 'executed', risk_level: 'low', allowed: true });
    });

    row('5/logs-limit', async () => {
      const agent_id = fresh('agent');
      for (const n of [1, 2, 3]) await decide(agent_id, { args: { n } });
      const all = (await api().get(`/v1/agents/${agent_id}/logs`)).body;
      expect(all).toHaveLength(3);
      expect((await api().get(`/v1/agents/${agent_id}/logs?limit=2`)).body).toEqual(all.slice(0, 2));
    });

    row('5/logs-blocked', async () => {
      const agent_id = fresh('agent');
      await post(agent_id, { max_spend_usd_per_day: 1 });
      await decide(agent_id, { spend_usd: 2 });
      expect((await api().get(`/v1/agents/${agent_id}/logs`)).body).toMatchObject([
        { allowed: false, decision: 'blocked', spend_usd: 0 },
      ]);
    });

    row('5/logs-unknown', async () => {
      expect(await api().get(`/v1/agents/${fresh('nobody')}/logs`)).toMatchObject({ status: 200, body: [] });
    });
  });
});
