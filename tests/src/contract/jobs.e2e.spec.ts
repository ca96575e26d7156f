import { answer, eventually } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);

describe('contract 3.2, jobs', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  const run = (body: object, headers = {}) => api().post('/v1/ai/run', body, headers);
  const result = async (key: string) => (await api().get(`/v1/ai/result?key=${key}`)).body;
  const ended = async (key: string): Promise<Json> => {
    await eventually(`${key} ends`, async () => !['in_progress', undefined].includes((await result(key)).status));
    return result(key);
  };
  const pair = async () => {
    const names = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(names.tool);
    return names;
  };

  row('3.2/lease-answer', async () => {
    const key = fresh('job');
    const { status, body } = await run({ key, ttl: 60 });
    expect([status, body]).toEqual([
      200,
      {
        ok: true,
        status: 'acquired',
        key,
        ttl: 60,
        ttl_left: null,
        lease_id: expect.stringMatching(/^lease_/),
        version: 1,
        first_seen_at: TIME,
        done_at: null,
        result_hash: null,
        error_code: null,
        retry_after_sec: null,
        usage: expect.any(Number),
        limit: 0,
        charged: 1,
      },
    ]);
    const members = { ok: true, status: 'completed', result_hash: null, error_code: null, done_at: TIME };
    const nothing = { run_id: key, dry_run: false, results: [] };
    expect(await ended(key)).toEqual({ ...members, key, result: nothing });
  });

  row('3.2/actions', async () => {
    const { agent_id, tool } = await pair();
    const [key, run_id] = [fresh('job'), fresh('run')];
    tollgate().tool.on(tool, ({ body }, response) => {
      response.end(JSON.stringify({ answered: (body.args as Json).n }));
    });
    const actions = [1, 2, 3].map((n) => ({ tool, args: { n }, spend_usd: 0.5 }));
    await run({ key, metadata: { agent_id, run_id, actions, note: 'the caller’s own' } });
    const { status, result: said } = await ended(key);
    expect([status, said.run_id]).toEqual(['completed', run_id]);
    const executed = { tool, decision: 'executed', allowed: true, policy_reason: 'ok' };
    expect(said.results).toEqual([1, 2, 3].map((n) => ({ ...executed, result: { answered: n } })));
    const atTool = tollgate().tool.at(tool);
    expect(atTool.map(({ body }) => [(body.args as Json).n, body.agent_id, body.run_id])).toEqual(
      [1, 2, 3].map((n) => [n, agent_id, run_id]),
    );
    const timeline = (await api().get(`/v1/runs/${run_id}?limit=500`)).body.events;
    expect(timeline.filter(({ type }: Json) => type === 'run_finished')).toHaveLength(3);
  });

  row('3.2/timeline', async () => {
    const { agent_id, tool } = await pair();
    await tollgate().policy(agent_id, { blocked_tools: ['forbidden'] });
    const [key, run_id] = [fresh('job'), fresh('run')];
    const { lease_id } = (
      await run({ key, metadata: { agent_id, run_id, actions: [{ tool }, { tool: 'forbidden' }] } })
    ).body;
    await ended(key);
    const nothing = fresh('job');
    await run({ key: nothing, metadata: { agent_id } });
    await ended(nothing);
    const endsOf = async (id: string): Promise<Json[]> =>
      (await api().get(`/v1/runs/${id}`)).body.events.filter(({ type }: Json) => type === 'job_finished');
    const job = { step: null, call_id: null, tool: null, source: 'system' };
    const duration_ms = expect.any(Number);
    expect(await endsOf(run_id)).toMatchObject([
      { ...job, status: 'failed', lease_id, agent_id, duration_ms, data: { error_code: 'policy_blocked' } },
    ]);
    expect(await endsOf(nothing)).toMatchObject([{ ...job, status: 'completed', agent_id, data: {} }]);
    const { items } = (await api().get(`/v1/runs?q=${nothing}`)).body;
    expect(items).toMatchObject([{ run_id: nothing, last_type: 'job_finished', last_status: 'completed' }]);
  });

  row('3.2/once', async () => {
    const { agent_id, tool } = await pair();
    const key = fresh('job');
    const body = { key, metadata: { agent_id, actions: [{ tool }] } };
    const all = await Promise.all(Array.from({ length: 10 }, () => run(body)));
    expect(all.filter(({ body: { status } }) => status === 'acquired')).toHaveLength(1);
    await ended(key);
    expect((await run(body)).body).toMatchObject({
      status: 'completed',
      result: { results: [{ decision: 'executed' }] },
    });
    expect(tollgate().tool.at(tool)).toHaveLength(1);
  });

  row('3.2/blocked', async () => {
    const { agent_id, tool } = await pair();
    await tollgate().policy(agent_id, { blocked_tools: ['forbidden'] });
    const key = fresh('job');
    const actions = [{ tool, args: { n: 1 } }, { tool: 'forbidden' }, { tool, args: { n: 2 } }];
    await run({ key, metadata: { agent_id, actions } });
    expect(await ended(key)).toMatchObject({
      ok: false,
      status: 'failed',
      error_code: 'policy_blocked',
      result: { results: [{ decision: 'executed' }, { decision: 'blocked', allowed: false }] },
    });
    expect(tollgate().tool.at(tool)).toHaveLength(1);
  });

  row('3.2/failed', async () => {
    const { agent_id, tool } = await pair();
    const unknown = fresh('job');
    await run({ key: unknown, metadata: { agent_id, actions: [{ tool: fresh('nothing') }] } });
    expect(await ended(unknown)).toMatchObject({ status: 'failed', error_code: 'tool_not_found' });
    await api().post(`/v1/tools/${tool}/toggle`, { enabled: false });
    const disabled = fresh('job');
    await run({ key: disabled, metadata: { agent_id, actions: [{ tool }] } });
    expect(await ended(disabled)).toMatchObject({ status: 'failed', error_code: 'tool_disabled' });
  });

  row('3.2/repeated-action', async () => {
    const { agent_id, tool } = await pair();
    const key = fresh('job');
    // The second is a repeat of the first: it is answered in the lease stage itself, and the job goes on.
    await run({ key, metadata: { agent_id, actions: [{ tool }, { tool }, { tool, args: { n: 1 } }] } });
    const { result: said } = await ended(key);
    expect(said.results.map(({ decision }: Json) => decision)).toEqual(['executed', 'dedup', 'executed']);
  });

  row('3.2/stopped', async () => {
    const { agent_id } = await pair();
    const tool = fresh('tool');
    await tollgate().register(tool, {});
    const gate = Promise.withResolvers<void>();
    tollgate().tool.on(tool, async (received, response) => {
      await gate.promise;
      await answer(200)(received, response);
    });
    const [key, actions] = [fresh('job'), [{ tool }, { tool, args: { n: 2 } }]];
    const { lease_id } = (await run({ key, metadata: { agent_id, actions } })).body;
    await eventually('it is under way', () => Promise.resolve(tollgate().tool.at(tool).length === 1));
    expect((await api().post('/v1/ai/extend', { key, lease_id, ttl: 60 })).body).toMatchObject({ version: 2 });
    expect((await api().post('/v1/ai/cancel', { key, lease_id })).body.status).toBe('canceled');
    gate.resolve();
    const calls = async () => (await api().get(`/v1/agents/${agent_id}/logs`)).body;
    await eventually('the action ends', async () => (await calls()).length === 1);
    expect(await result(key)).toMatchObject({ status: 'failed', error_code: 'canceled' });
    expect(tollgate().tool.at(tool)).toHaveLength(1);
  });

  row('3.2/no-expiry', async () => {
    const { agent_id, tool } = await pair();
    const gate = Promise.withResolvers<void>();
    tollgate().tool.on(tool, async (received, response) => {
      await gate.promise;
      await answer(200)(received, response);
    });
    const key = fresh('job');
    await run({ key, ttl: 1, metadata: { agent_id, actions: [{ tool }] } });
    await eventually('it is under way', () => Promise.resolve(tollgate().tool.at(tool).length === 1));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await api().post('/v1/ai/lease', { key })).body).toMatchObject({ status: 'polling', lease_id: null });
    gate.resolve();
    expect(await ended(key)).toMatchObject({ status: 'completed', result: { results: [{ decision: 'executed' }] } });
    expect(tollgate().tool.at(tool)).toHaveLength(1);
  });

  row('0/metadata', async () => {
    const { agent_id, tool } = await pair();
    const [key, run_id, note] = [fresh('job'), fresh('run'), 'metadata-canary'];
    const metadata = { note, [note]: [{ note }] };
    const answers = [
      await api().post('/v1/check-lock', { key, metadata }),
      await api().post('/v1/check-lock', { key, metadata }),
      await api().post('/v1/ai/lease', { key: fresh('lease'), metadata }),
      await run({ key, metadata: { ...metadata, agent_id, run_id, actions: [{ tool }] } }),
      await run({ agent_id, tool, metadata }),
    ];
    await ended(key);
    for (const path of [
      `/v1/ai/status?key=${key}`,
      `/v1/ai/result?key=${key}`,
      `/v1/runs/${run_id}`,
      `/v1/agents/${agent_id}/logs`,
      `/v1/calls?agent_id=${agent_id}`,
      '/v1/events?limit=500',
    ])
      answers.push(await api().get(path));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(note);
    const [atTool] = tollgate().tool.at(tool);
    expect(atTool?.body).toMatchObject({ agent_id, run_id });
    expect(JSON.stringify(atTool?.body)).not.toContain(note);
  });

  row('3.2/more-than-fifty', async () => {
    const { agent_id, tool } = await pair();
    const key = fresh('job');
    const actions = Array.from({ length: 52 }, () => ({ tool }));
    await run({ key, metadata: { agent_id, actions } });
    const { result: said } = await ended(key);
    expect([said.results.length, said.skipped]).toEqual([50, 2]);
  });

  row('3.2/agents', async () => {
    const { agent_id, tool } = await pair();
    const gate = Promise.withResolvers<void>();
    tollgate().tool.on(tool, async (received, response) => {
      await gate.promise;
      await answer(200, { paid: true })(received, response);
    });
    const keyOf = async (agent: string) =>
      api().as((await api().post('/v1/keys', { role: 'agent', agents: [agent] })).body.key);
    const [mine, other] = [await keyOf(agent_id), await keyOf(fresh('agent'))];
    const [key, tried] = [fresh('job'), fresh('job')];
    const metadata = { agent_id, actions: [{ tool }] };
    await run({ key, metadata });
    // How the key stands is everybody's, also where it is leased for something else.
    expect((await other.post('/v1/ai/run', { key })).body.status).toBe('polling');
    expect((await other.get(`/v1/ai/result?key=${key}`)).body).toMatchObject({ status: 'in_progress', result: null });
    gate.resolve();
    await ended(key);
    await run({ key: tried, metadata: { ...metadata, dry_run: true } });
    await ended(tried);
    for (const name of [key, tried]) {
      expect((await other.get(`/v1/ai/status?key=${name}`)).body.status).toBe('completed');
      const refused = [
        await other.get(`/v1/ai/result?key=${name}`),
        await other.post('/v1/ai/lease', { key: name }),
        await other.post('/v1/ai/run', { key: name }),
      ];
      for (const { status, body } of refused) expect([status, body.detail.error]).toEqual([403, 'forbidden']);
      expect((await mine.get(`/v1/ai/result?key=${name}`)).body).toEqual(await result(name));
      expect((await mine.post('/v1/ai/run', { key: name })).body.result.results).toHaveLength(1);
    }
    // A lease that is no job belongs to no agent.
    const { lease_id } = (await mine.post('/v1/ai/lease', { key: 'shared' })).body;
    await mine.post('/v1/ai/complete', { key: 'shared', lease_id, result: { for: 'all' } });
    expect((await other.get('/v1/ai/result?key=shared')).body.result).toEqual({ for: 'all' });
  });

  row('3.2/metadata', async () => {
    const key = fresh('job');
    for (const metadata of [
      { actions: [{ tool: 'x' }] },
      { agent_id: 5 },
      { agent_id: 'a', actions: 'all' },
      { agent_id: 'a', actions: [{}] },
      { agent_id: 'a', actions: [{ tool: 't', args: [] }] },
      { text: 'x'.repeat(65_536) },
    ]) {
      const { status, body } = await run({ key, metadata });
      expect([status, body.detail[0].loc.slice(0, 2), body.detail[0].input]).toEqual([422, ['body', 'metadata'], null]);
    }
    expect((await run({ key, agent_id: 'a', tool: 't' })).status).toBe(422);
    const agent = api().as((await api().post('/v1/keys', { role: 'agent', agents: ['mine'] })).body.key);
    const others = await agent.post('/v1/ai/run', { key, metadata: { agent_id: 'other', actions: [{ tool: 't' }] } });
    expect([others.status, others.body.detail.error]).toEqual([403, 'forbidden']);
  });
});
