import { jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { apiReference } from '@tollgate/gateway';
import { openDatabase, type AuditDatabase } from '@tollgate/store';
import { drop, eventually, answer } from '../harness/index.js';
import { endedAgo } from './ended-ago.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

describe('contract 8, runs and fresh reads', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  let connection: NatsConnection;
  let opened: AuditDatabase | undefined;
  beforeAll(async () => {
    const { username, password, host } = new URL(tollgate().nats.url);
    connection = await connect({
      servers: host,
      user: decodeURIComponent(username),
      pass: decodeURIComponent(password),
    });
  });
  afterAll(async () => {
    await opened?.destroy();
    await connection.close();
  });
  const database = () =>
    (opened ??= openDatabase(tollgate().postgres.url, { name: 'contract', connections: 1, timeoutMs: 5_000 }));
  async function pair(policy: object = {}) {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(call.tool);
    await tollgate().policy(call.agent_id, { ...policy });
    return call;
  }
  const run = async (call: Readonly<Record<string, unknown>>) => (await api().run(call)).body;
  const eventsOf = async (runId: string): Promise<Json[]> =>
    (await api().get(`/v1/runs/${encodeURIComponent(runId)}?limit=2000`)).body.events;
  const typesOf = async (runId: string) => (await eventsOf(runId)).map(({ type, status }) => `${type} ${status}`);

  row('8/fresh', async () => {
    const call = await pair();
    const impatient = tollgate().api;
    let whole = 0;
    for (let n = 0; n < 25; n += 1) {
      const { call_id, run_id } = await run({ ...call, args: { n } });
      const [read, logs, timeline] = [
        await impatient.get(`/v1/calls/${call_id}`),
        await impatient.get(`/v1/agents/${call.agent_id}/logs`),
        await impatient.get(`/v1/runs/${run_id}`),
      ];
      // A machine that is too busy for it says so.
      if ([read, logs, timeline].some(({ headers }) => headers.has('x-tollgate-lag'))) continue;
      whole += 1;
      expect(read.body.decision).toBe('executed');
      expect(logs.body[0].call_id).toBe(call_id);
      expect(timeline.body.events.at(-1).type).toBe('run_finished');
    }
    expect(whole).toBeGreaterThan(20);
  });

  row('8/run', async () => {
    const call = await pair();
    const run_id = fresh('run');
    for (const n of [1, 2]) await run({ ...call, run_id, args: { n } });
    const { status, body } = await api().get(`/v1/runs/${run_id}`);
    expect([status, Object.keys(body).sort()]).toEqual([200, ['events', 'run_id', 'total']]);
    expect(body).toMatchObject({ run_id, total: body.events.length });
    for (const event of body.events) {
      expect(Object.keys(event).sort()).toEqual([
        'agent_id',
        'call_id',
        'data',
        'duration_ms',
        'id',
        'lease_id',
        'message',
        'req_id',
        'run_id',
        'source',
        'status',
        'step',
        'tool',
        'ts',
        'type',
      ]);
      expect(event).toMatchObject({
        ...call,
        run_id,
        source: 'system',
        call_id: expect.stringMatching(/^call_/),
        data: expect.any(Object),
      });
      expect(Number.isSafeInteger(event.id)).toBe(true);
    }
    const ids = body.events.map(({ id }: Json) => id);
    expect(ids).toEqual([...new Set(ids)].sort((one: Json, other: Json) => one - other));
    expect((await api().get(`/v1/runs/${run_id}`)).body).toEqual(body);
  });

  row('8/run-types', async () => {
    const call = await pair({ blocked_tools: ['bad'], max_actions_per_hour: 2 });
    const ran = await run(call);
    expect(await typesOf(ran.run_id)).toEqual([
      'run_started started',
      'policy_decided passed',
      'lease_decided acquired',
      'budget_decided reserved',
      'dispatch_decided queued',
      'tool_call started',
      'tool_result executed',
      'run_finished executed',
    ]);
    const repeat = await run(call);
    expect(await typesOf(repeat.run_id)).toEqual([
      'run_started started',
      'policy_decided passed',
      'lease_decided dedup',
      'run_finished dedup',
    ]);
    const blocked = await run({ ...call, tool: 'bad' });
    expect(await typesOf(blocked.run_id)).toEqual([
      'run_started started',
      'policy_decided blocked',
      'run_finished blocked',
    ]);
    tollgate().tool.on(call.tool, answer(400));
    expect((await typesOf((await run({ ...call, args: { n: 2 } })).run_id)).slice(-2)).toEqual([
      'tool_result tool_error',
      'run_finished failed',
    ]);
    const capped = await run({ ...call, args: { n: 3 } });
    expect((await typesOf(capped.run_id)).slice(-2)).toEqual(['budget_decided blocked', 'run_finished blocked']);
    for (const { type, duration_ms } of (await eventsOf(ran.run_id)).filter(
      ({ type }) => type.endsWith('_decided') || type === 'tool_result',
    )) {
      expect([type, Number.isInteger(duration_ms) && duration_ms >= 0]).toEqual([type, true]);
    }
  });

  row('8/run-data', async () => {
    const call = await pair();
    const ran = await run({ ...call, spend_usd: 0.5 });
    const events = await eventsOf(ran.run_id);
    const of = (type: string) => events.find((event) => event.type === type);
    expect(of('run_started').data).toMatchObject({ args_hash: ran.args_hash });
    expect(of('tool_call').data).toMatchObject({ dispatch: 'signed', attempt: 1 });
    expect(of('tool_result').data).toMatchObject({ attempt: 1, http_status: 200 });
    expect(of('run_finished').data).toEqual({
      decision: 'executed',
      policy_reason: 'ok',
      risk_level: 'low',
      spend_usd: 0.5,
      args_hash: ran.args_hash,
      dispatch: 'signed',
      attempt: 1,
      http_status: 200,
    });
  });

  row('8/run-resolved', async () => {
    const call = await pair();
    tollgate().tool.on(call.tool, drop);
    const { call_id, run_id } = await run(call);
    expect((await typesOf(run_id)).slice(-2)).toEqual(['tool_result unknown', 'run_finished failed']);
    await api().post(`/v1/calls/${call_id}/resolve`, { outcome: 'executed', note: 'the bank says so' });
    expect((await eventsOf(run_id)).at(-1)).toMatchObject({
      type: 'run_resolved',
      status: 'executed',
      message: 'the bank says so',
      data: { decision: 'executed', policy_reason: 'ok' },
    });
  });

  row('5/logs-kept', async () => {
    const call = await pair();
    const [old, kept] = [await run({ ...call, args: { n: 1 } }), await run({ ...call, args: { n: 2 } })];
    const logged = async () =>
      (await api().get(`/v1/agents/${call.agent_id}/logs`)).body.map((one: Json) => one.call_id);
    expect(await logged()).toEqual([kept.call_id, old.call_id]);
    await endedAgo(tollgate().postgres.url, old.call_id, 7.1);
    await endedAgo(tollgate().postgres.url, kept.call_id, 6.9);
    expect(await logged()).toEqual([kept.call_id]);
  });

  row('3.1/get-call-past', async () => {
    const { call_id } = await run(await pair());
    const there = (await api().get(`/v1/calls/${call_id}`)).body;
    expect(there.result).toEqual({ n: 1 });
    const { result_stream, result_seq } = await database()
      .selectFrom('calls')
      .select(['result_stream', 'result_seq'])
      .where('call_id', '=', call_id)
      .executeTakeFirstOrThrow();
    await (await jetstreamManager(connection)).streams.deleteMessage(result_stream!, result_seq!);
    const { result: _gone, ...rest } = there;
    expect((await api().get(`/v1/calls/${call_id}`)).body).toEqual(rest);
  });

  row('8/run-page', async () => {
    const { run_id } = await run(await pair());
    const all = (await api().get(`/v1/runs/${run_id}`)).body;
    const page = (await api().get(`/v1/runs/${run_id}?limit=3&offset=2`)).body;
    expect(page).toEqual({ run_id, total: all.total, events: all.events.slice(2, 5) });
    expect((await api().get(`/v1/runs/${run_id}?offset=500`)).body).toEqual({ run_id, total: all.total, events: [] });
  });

  row('8/run-unknown', async () => {
    const run_id = fresh('nobody');
    expect(await api().get(`/v1/runs/${run_id}`)).toMatchObject({
      status: 200,
      body: { run_id, total: 0, events: [] },
    });
  });

  row('8/run-agents', async () => {
    const [mine, other] = [await pair(), await pair()];
    const run_id = fresh('run');
    await run({ ...mine, run_id });
    await run({ ...other, run_id });
    const { key } = (await api().post('/v1/keys', { role: 'agent', agents: [mine.agent_id] })).body;
    const all = (await api().get(`/v1/runs/${run_id}`)).body;
    const seen = (await api().as(key).get(`/v1/runs/${run_id}`)).body;
    expect(new Set(seen.events.map(({ agent_id }: Json) => agent_id))).toEqual(new Set([mine.agent_id]));
    expect([seen.total, seen.events.length, all.total]).toEqual([all.total / 2, all.total / 2, seen.total * 2]);
  });

  row('8/reference', async () => {
    const nobody = api().as(undefined);
    const { status, body, headers } = await nobody.get('/v1/openapi.json');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    expect(body).toEqual(JSON.parse(JSON.stringify(apiReference())));
    const page = await nobody.get('/v1/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    const operations = Object.values(apiReference().paths).flatMap((methods) => Object.values(methods));
    const missing = operations.filter(({ operationId }) => !page.body.includes(`id="${operationId}"`));
    expect([operations.length > 30, missing]).toEqual([true, []]);
    // What an operation names in short is there, too.
    for (const [, name] of page.body.matchAll(/href="#([^"]+)"/g)) expect(page.body).toContain(`id="${name}"`);
  });

  row('8/health', async () => {
    const call = await pair();
    await run(call);
    const nobody = api().as(undefined);
    expect((await nobody.get('/healthz')).status).toBe(200);
    expect((await nobody.get('/readyz')).status).toBe(200);
    const metrics = await nobody.get('/metricsz');
    expect([metrics.status, metrics.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
    expect(metrics.body).toMatch(/^# TYPE \S+ (counter|gauge|histogram)$/m);
    for (const name of [call.agent_id, call.tool, 'default', tollgate().adminKey])
      expect(metrics.body).not.toContain(`"${name}"`);
  });

  describe('contract 10, subscribers', () => {
    interface Decision {
      readonly subject: string;
      readonly event: Json;
    }
    /** Plain subscription: what is published while the test runs. */
    function listen(subject: string): Decision[] {
      const heard: Decision[] = [];
      connection.subscribe(subject, {
        callback: (_error, message) => {
          heard.push({ subject: message.subject, event: message.json() });
        },
      });
      return heard;
    }
    const hearing = async (heard: readonly Decision[], count: number) => {
      await eventually(`${count} decisions`, () => heard.length >= count);
      return heard;
    };

    row('10/event', async () => {
      const call = await pair({ blocked_tools: ['bad'] });
      const heard = listen(`tollgate.v1.decision.default.*.${call.agent_id}`);
      await connection.flush();
      const run_id = fresh('run');
      const executed = await run({ ...call, run_id, spend_usd: 0.5 });
      await run(call);
      await run({ ...call, tool: 'bad' });
      tollgate().tool.on(call.tool, answer(400));
      await run({ ...call, args: { n: 2 } });
      await hearing(heard, 4);
      // Endings of different stages may be published in another order than they happened; their ids tell it.
      heard.sort((one, other) => one.event.id - other.event.id);
      const logs = (await api().get(`/v1/agents/${call.agent_id}/logs`)).body;
      expect(heard.map(({ event }) => event.data).reverse()).toEqual(logs);
      const decisions = ['executed', 'dedup', 'blocked', 'failed'];
      expect(heard.map(({ subject }) => subject)).toEqual(
        decisions.map((decision) => `tollgate.v1.decision.default.${decision}.${call.agent_id}`),
      );
      expect(heard[0]!.event).toMatchObject({
        specversion: '1.0',
        id: expect.any(String),
        source: '/tollgate/default',
        type: 'tollgate.decision.executed',
        time: expect.stringMatching(/Z$/),
        data: { ...call, run_id, call_id: executed.call_id, spend_usd: 0.5 },
      });
      expect(heard.map(({ event }) => event.type)).toEqual(
        decisions.map((decision) => `tollgate.decision.${decision}`),
      );
      expect(new Set(heard.map(({ event }) => event.id)).size).toBe(4);
    });

    row('10/tokens', async () => {
      const call = await pair();
      const agent_id = `a.b *>é-_=${fresh('x')}`;
      const heard = listen('tollgate.v1.decision.*.*.*');
      const split = listen('tollgate.v1.decision.*.*.*.>');
      await connection.flush();
      await run({ ...call, agent_id });
      await eventually('the decision', () => heard.some(({ event }) => event.data.agent_id === agent_id));
      const { subject } = heard.find(({ event }) => event.data.agent_id === agent_id)!;
      const number = agent_id.split('-').at(-1);
      expect(subject).toBe(`tollgate.v1.decision.default.executed.a=2Eb=20=2A=3E=C3=A9-_=3Dx-${number}`);
      expect(split).toEqual([]);
    });

    row('10/unknown', async () => {
      const call = await pair();
      const heard = listen(`tollgate.v1.decision.default.failed.${call.agent_id}`);
      await connection.flush();
      tollgate().tool.on(call.tool, drop);
      const unknown = await run(call);
      await hearing(heard, 1);
      expect(heard[0]!.event).toMatchObject({
        type: 'tollgate.decision.failed',
        data: { decision: 'failed', policy_reason: 'outcome_unknown', call_id: unknown.call_id },
      });
    });

    row('10/resolved', async () => {
      const call = await pair();
      const heard = listen(`tollgate.v1.decision.default.executed.${call.agent_id}`);
      await connection.flush();
      tollgate().tool.on(call.tool, drop);
      const { call_id } = await run(call);
      await api().post(`/v1/calls/${call_id}/resolve`, { outcome: 'executed', note: 'the bank says so' });
      await hearing(heard, 1);
      expect(heard.map(({ event }) => event)).toMatchObject([
        { type: 'tollgate.decision.executed', data: { decision: 'executed', policy_reason: 'ok', call_id } },
      ]);
    });

    row('10/durable', async () => {
      const call = await pair();
      const js = jetstream(connection);
      const manager = await js.jetstreamManager();
      const durable_name = fresh('subscriber');
      const filter_subject = `tollgate.v1.decision.default.*.${call.agent_id}`;
      await manager.consumers.add('DECISIONS', { durable_name, filter_subject, ack_policy: 'explicit' });
      const next = async (): Promise<Json> => {
        const consumer = await js.consumers.get('DECISIONS', durable_name);
        const message: JsMsg | null = await consumer.next({ expires: 5_000 });
        message?.ack();
        return message?.json();
      };
      const first = await run({ ...call, args: { n: 1 } });
      const event = await next();
      expect(event.data.call_id).toBe(first.call_id);
      // Away while this happens, and back at its own pace.
      const missed = [await run({ ...call, args: { n: 2 } }), await run({ ...call, args: { n: 3 } })];
      const later = [await next(), await next()];
      expect(later.map(({ data }) => data.call_id)).toEqual(missed.map(({ call_id }) => call_id));
      expect(new Set([event, ...later].map(({ id }) => id)).size).toBe(3);
      const { events } = (await api().get(`/v1/runs/${first.run_id}`)).body;
      expect(events.map(({ id }: Json) => String(id))).toContain(event.id);
    });

    row('10/clear', async () => {
      const call = await pair();
      const heard = listen(`tollgate.v1.decision.default.*.${call.agent_id}`);
      await connection.flush();
      tollgate().tool.on(call.tool, answer(200, { answer: 'result-canary' }));
      await run({ ...call, args: { secret: 'argument-canary' } });
      await hearing(heard, 1);
      expect(JSON.stringify(heard)).not.toContain('canary');
    });
  });
});
