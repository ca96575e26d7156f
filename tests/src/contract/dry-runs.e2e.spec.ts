import { Bus, callsStream, JOURNALS, journalStream } from '@tollgate/journal';
import { answer, eventually } from '../harness/index.js';
import { storedMessages } from '../record/stored-messages.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { planSettings } from './plan-file.js';
import { row } from './row.js';
import { createTenant } from './tenant.js';

const STOPS = { name: 'stops', credits: { make: 1, ai: 1 }, stopsAtCredits: true };
const PASSES = { ok: true, allowed: true, decision: 'dry_run', policy_reason: 'ok', risk_level: 'low' };

describe('contract 3.1, 3.2 and 4, what is only tried', () => {
  const tollgate = installed({ env: { ...planSettings(STOPS), TOLLGATE_DEFAULT_PLAN: 'unlimited' } });
  const api = () => PatientApi.of(tollgate().api);
  const atTool = (tool: string) => tollgate().tool.at(tool).length;
  const pair = async (policy?: object, more: object = {}) => {
    const names = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(names.tool, { ...more });
    if (policy !== undefined) await tollgate().policy(names.agent_id, { ...policy });
    return names;
  };
  const dry = (body: object, headers = {}) => api().run({ ...body, dry_run: true }, headers);
  const post = (agent: string, verb: string, body: object) => api().post(`/v1/policies/${agent}/${verb}`, body);
  /** Where this word stands in what stages read and write. */
  async function streamsWith(word: string): Promise<string[]> {
    const bus = await Bus.connect(tollgate().nats.url, { name: 'contract', reconnect: false });
    try {
      const found: string[] = [];
      for (const stream of [callsStream(0), ...JOURNALS.map((journal) => journalStream(journal, 0))]) {
        const messages = await storedMessages(bus, stream);
        if (messages.some(({ data }) => new TextDecoder().decode(data).includes(word))) found.push(stream);
      }
      return found;
    } finally {
      await bus.close();
    }
  }

  row('3.1/dry-run', async () => {
    const call = await pair({});
    const { status, body } = await dry({ ...call, args: { a: 1 }, spend_usd: 0.25, run_id: 'a-run' });
    expect([status, body]).toEqual([
      200,
      {
        ...PASSES,
        call_id: expect.stringMatching(/^call_/),
        run_id: 'a-run',
        args_hash: expect.any(String),
        spend_usd: 0.25,
      },
    ]);
    // What a call of the same arguments is logged under.
    expect((await api().run({ ...call, args: { a: 1 } })).body.args_hash).toBe(body.args_hash);
    expect((await api().run({ ...call, dry_run: 'true' })).status).toBe(422);
  });

  row('3.1/dry-run-decisions', async () => {
    const call = await pair({ blocked_tools: ['bad'], allowed_tools: ['bad'] });
    const decided = async (body: Readonly<Record<string, unknown>>): Promise<Json> => {
      const { call_id: _callId, run_id: _runId, ...tried } = (await dry(body)).body;
      const { call_id: _id, run_id: _run, ...made } = (await api().run(body)).body;
      expect([body, tried]).toEqual([body, made]);
      return tried;
    };
    expect(await decided({ ...call, tool: 'bad' })).toMatchObject({ policy_reason: 'tool_explicitly_blocked' });
    expect(await decided(call)).toMatchObject({ decision: 'blocked', policy_reason: 'tool_not_in_allowed_list' });
    await api().post(`/v1/agents/${call.agent_id}/disable`);
    expect(await decided(call)).toMatchObject({ policy_reason: 'agent_disabled', risk_level: 'critical' });

    const open = await pair({});
    const unknown = { ...open, tool: 'nobody' };
    for (const { status, body } of [await dry(unknown), await api().run(unknown)]) {
      expect([status, body.detail.error]).toEqual([404, 'tool_not_found']);
    }
    await api().post(`/v1/tools/${open.tool}/toggle`, { enabled: false });
    for (const { status, body } of [await dry(open), await api().run(open)]) {
      expect([status, body.detail.error]).toEqual([409, 'tool_disabled']);
    }
    const agentKey = (await api().post('/v1/keys', { role: 'agent', agents: ['x'] })).body.key;
    expect(
      (
        await api()
          .as(agentKey)
          .run({ ...open, dry_run: true })
      ).status,
    ).toBe(403);
  });

  row('3.1/dry-run-caps', async () => {
    const policy = { max_actions_per_hour: 1, max_spend_usd_per_day: 5 };
    const call = await pair(policy);
    for (const n of [1, 2, 3]) expect((await dry({ ...call, args: { n } })).body).toMatchObject(PASSES);
    expect((await dry({ ...call, spend_usd: 6 })).body).toMatchObject({
      allowed: false,
      decision: 'blocked',
      policy_reason: 'max_spend_usd_per_day_exceeded',
      limit: 5,
      remaining: 5,
      retry_after_sec: null,
    });
    // What was tried has taken nobody's place; what was made, answered a moment ago, has.
    expect((await api().run({ ...call, args: { n: 4 } })).body.decision).toBe('executed');
    expect((await dry({ ...call, args: { n: 5 } })).body).toMatchObject({
      decision: 'blocked',
      policy_reason: 'max_actions_per_hour_exceeded',
      limit: 1,
      remaining: 0,
      retry_after_sec: expect.any(Number),
    });
  });

  row('3.1/dry-run-dedup', async () => {
    const call = await pair({});
    const made = (await api().run({ ...call, args: { n: 1 } })).body;
    expect((await dry({ ...call, args: { n: 1 } })).body).toMatchObject({
      decision: 'dedup',
      policy_reason: 'tool_idempotency',
      original_call_id: made.call_id,
      result: made.result,
      spend_usd: 0,
    });
    const keyed = { 'idempotency-key': fresh('key') };
    await api().run({ ...call, args: { n: 2 } }, keyed);
    expect((await dry({ ...call, args: { n: 2 } }, keyed)).body.decision).toBe('dedup');
    const reused = await dry({ ...call, args: { n: 3 } }, keyed);
    expect([reused.status, reused.body.detail.error]).toEqual([409, 'idempotency_key_reused']);
    expect(atTool(call.tool)).toBe(2);
  });

  row('3.1/dry-run-running', async () => {
    const call = await pair({ max_actions_per_hour: 1 });
    const { promise: goOn, resolve } = Promise.withResolvers<void>();
    tollgate().tool.on(call.tool, async (received, response) => {
      await goOn;
      await answer(200)(received, response);
    });
    const first = api().run(call);
    await eventually('it runs', () => atTool(call.tool) === 1);
    expect((await dry(call)).body).toMatchObject({ ...PASSES, spend_usd: 0 });
    resolve();
    expect((await first).body.decision).toBe('executed');
  });

  row('3.1/dry-run-402', async () => {
    const tenant = await createTenant(tollgate(), fresh('tenant'), 'stops');
    const call = { agent_id: 'a', tool: fresh('tool') };
    await tollgate().register(call.tool, {}, tenant.api);
    const tried = (n: number) => tenant.api.run({ ...call, args: { n }, dry_run: true });
    for (const n of [1, 2]) expect((await tried(n)).body).toMatchObject(PASSES);
    expect((await tenant.api.run({ ...call, args: { n: 3 } })).body.decision).toBe('executed');
    const { status, body } = await tried(4);
    expect([status, body.detail]).toEqual([402, expect.objectContaining({ plan: 'stops', limit: 1, usage: 1 })]);
    expect((await tried(3)).body.decision).toBe('dedup');
  });

  row('3.1/dry-run-nothing', async () => {
    const call = await pair({ blocked_tools: ['bad'], max_spend_usd_per_day: 1 });
    const tried = [
      await dry(call),
      await dry({ ...call, tool: 'bad' }),
      await dry({ ...call, tool: 'nobody' }),
      await dry({ ...call, spend_usd: 2 }),
      await post(call.agent_id, 'test', { tool: call.tool, policy: { allowed_tools: ['x'] } }),
    ];
    expect(tried.map(({ status }) => status)).toEqual([200, 200, 404, 200, 200]);
    const { body: logs } = await api().get(`/v1/agents/${call.agent_id}/logs`);
    const { body: metrics } = await api().get(`/v1/agents/${call.agent_id}/metrics`);
    expect([logs, metrics.total_actions]).toEqual([[], 0]);
    expect((await api().get(`/v1/calls/${tried[0]!.body.call_id}`)).status).toBe(404);
    expect((await api().get(`/v1/runs/${tried[0]!.body.run_id}`)).body.total).toBe(0);
    expect(await streamsWith(call.agent_id)).toEqual([]);
    expect(atTool(call.tool)).toBe(0);
    await api().run(call);
    expect(await streamsWith(call.agent_id)).toContain('DISPATCH-0');
  });

  row('3.2/dry-run', async () => {
    const { agent_id, tool } = await pair({ blocked_tools: ['bad'] });
    const job = async (actions: object[], dry_run: unknown): Promise<Json> => {
      const key = fresh('job');
      const leased = await api().run({ key, metadata: { agent_id, run_id: 'r', dry_run, actions } });
      expect(leased.body).toMatchObject({ status: 'acquired', charged: 1 });
      return (await api().get(`/v1/ai/result?key=${key}`)).body;
    };
    const would = { tool, decision: 'dry_run', allowed: true, policy_reason: 'ok' };
    for (const yes of [true, 1, 'true']) {
      const { status, result } = await job([{ tool }, { tool, args: { n: 2 } }], yes);
      expect([status, result]).toEqual(['completed', { run_id: 'r', dry_run: true, results: [would, would] }]);
    }
    const blocked = { tool: 'bad', decision: 'blocked', allowed: false, policy_reason: 'tool_explicitly_blocked' };
    expect(await job([{ tool }, { tool: 'bad' }, { tool }], true)).toMatchObject({
      status: 'failed',
      error_code: 'policy_blocked',
      result: { dry_run: true, results: [would, blocked] },
    });
    expect(await job([{ tool: 'nobody' }], true)).toMatchObject({ status: 'failed', error_code: 'tool_not_found' });
    expect(await job(Array(52).fill({ tool }), true)).toMatchObject({ status: 'completed', result: { skipped: 2 } });
    expect(await job([], true)).toMatchObject({ status: 'completed', result: { dry_run: true, results: [] } });
    expect([atTool(tool), (await api().get(`/v1/agents/${agent_id}/logs`)).body]).toEqual([0, []]);
  });

  describe('a policy', () => {
    const test = async (agent: string, body: object): Promise<Json> => (await post(agent, 'test', body)).body;

    row('4/test', async () => {
      const { agent_id, tool } = await pair({ allowed_tools: ['other'], pricing_rules: [{ tool: 'x', price_usd: 1 }] });
      const { status, body } = await post(agent_id, 'test', { tool, args: null, spend_usd: 0.5 });
      expect([status, body]).toMatchObject([200, { decision: 'blocked', policy_reason: 'tool_not_in_allowed_list' }]);
      await api().post(`/v1/policies/${agent_id}`, { allowed_tools: null });
      expect(await test(agent_id, { tool, args: { a: 1 }, spend_usd: 0.5 })).toMatchObject({
        ...PASSES,
        spend_usd: 0.5,
      });
      expect((await post(agent_id, 'test', { tool: 'nobody' })).status).toBe(404);
      for (const bad of [{}, { tool: 5 }, { tool, args: [] }, { tool, policy: { max_actions_per_hour: -1 } }]) {
        expect([bad, (await post(agent_id, 'test', bad)).status]).toEqual([bad, 422]);
      }
      const agentKey = (await api().post('/v1/keys', { role: 'agent', agents: [agent_id] })).body.key;
      expect((await api().as(agentKey).post(`/v1/policies/${agent_id}/test`, { tool })).status).toBe(403);
    });

    row('4/test-policy', async () => {
      const { agent_id, tool } = await pair({ blocked_tools: [fresh('tool')], max_actions_per_hour: 1 });
      await api().run({ agent_id, tool });
      const reasonUnder = async (policy: object | null) =>
        (await test(agent_id, { tool, args: { n: 2 }, spend_usd: 1, policy })).policy_reason;
      expect(await reasonUnder(null)).toBe('max_actions_per_hour_exceeded');
      // As if it were stored: nothing of the stored one holds, and what was used counts.
      expect(await reasonUnder({ blocked_tools: null })).toBe('ok');
      expect(await reasonUnder({ blocked_tools: [tool] })).toBe('tool_explicitly_blocked');
      expect(await reasonUnder({ max_spend_usd_per_day: 0.5 })).toBe('max_spend_usd_per_day_exceeded');
      expect(await reasonUnder({ max_calls_per_tool: { [tool]: 1 } })).toBe('max_calls_per_tool_exceeded');
      expect((await api().get(`/v1/policies/${agent_id}`)).body).toMatchObject({ version: 1 });
      const another = await post(agent_id, 'test', { tool, policy: { agent_id: 'another' } });
      expect(another.status).toBe(422);
      // Without any policy an agent that nobody has heard of is tried as the key's own calls would be.
      expect(await test(fresh('agent'), { tool })).toMatchObject(PASSES);
    });

    row('4/test-plan', async () => {
      const tenant = await createTenant(tollgate(), fresh('tenant'), 'free');
      const tool = fresh('tool');
      await tollgate().register(tool, {}, tenant.api);
      const { body } = await tenant.api.post('/v1/policies/a/test', { tool, policy: { max_actions_per_hour: 0 } });
      expect(body).toMatchObject(PASSES);
    });
  });
});
