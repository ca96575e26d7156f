import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { answer, ConnectionRecorder, drop, eventually, Installation } from '../harness/index.js';
import { parkCall } from './parked-call.js';
import { scrape, valueOf, type Sample } from './prometheus.js';

const AGENT = 'agent-of-the-metrics';
const STAGES = ['policy', 'lease', 'budget', 'dispatcher'];

/** Without any OTEL variable: metrics are there to be scraped, log lines can be followed, and nothing is sent anywhere. */
describe('telemetry of an installation that exports nothing', () => {
  let folder: string;
  let recorder: ConnectionRecorder;
  let tollgate: Installation;
  let inDoubt: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-connections-'));
    recorder = new ConnectionRecorder(folder);
    tollgate = await Installation.start({ env: recorder.env });
    tollgate.tool.on('drops', drop);
    tollgate.tool.on('errs', answer(400));
    for (const name of ['echo', 'errs', 'drops', 'forbidden']) await tollgate.register(name);
    await tollgate.policy(AGENT, { blocked_tools: ['forbidden'], max_calls_per_tool: { errs: 1 } });
    inDoubt = await playEndings();
  }, 60_000);
  afterAll(async () => {
    await tollgate.stop();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  /** 3 executed, 2 dedup, 1 blocked by policy, 1 failed, 1 blocked by a cap, 1 in doubt. */
  async function playEndings(): Promise<string> {
    const run = (tool: string, n = 0) => tollgate.api.run({ agent_id: AGENT, tool, args: { n } });
    for (const n of [1, 2, 3, 1, 2]) await run('echo', n);
    for (const tool of ['forbidden', 'errs', 'errs']) await run(tool);
    return (await run('drops')).body.call_id as string;
  }

  const lag = (samples: readonly Sample[], service: string, reader: string): number | undefined =>
    samples.find(
      ({ name, labels }) =>
        name === 'tollgate_reader_lag' && labels['service'] === service && labels['reader'] === reader,
    )?.value;

  it('counts decisions by reason, where they were made', async () => {
    const samples = await scrape(tollgate.api);
    const counted = samples.filter(({ name }) => name === 'tollgate_decisions_total');
    const table = counted.map(({ labels, value }) => [labels['service'], labels['decision'], labels['reason'], value]);
    expect(table.sort()).toEqual([
      ['budget', 'blocked', 'max_calls_per_tool_exceeded', 1],
      ['dispatcher', 'executed', 'ok', 3],
      ['dispatcher', 'failed', 'outcome_unknown', 1],
      ['dispatcher', 'failed', 'tool_error', 1],
      ['lease', 'dedup', 'tool_idempotency', 2],
      ['policy', 'blocked', 'tool_explicitly_blocked', 1],
    ]);
  });

  it('counts commands about locks and leases by what they were answered', async () => {
    const post = (path: string, body: object) => tollgate.api.post(`/v1/${path}`, body);
    await post('check-lock', { key: 'k' });
    await post('check-lock', { key: 'k' });
    const { lease_id } = (await post('ai/lease', { key: 'k' })).body as { lease_id: string };
    await post('ai/complete', { key: 'k', lease_id });
    await post('ai/fail', { key: 'k', lease_id: 'lease_of_another', error_code: 'x' });
    const counted = (await scrape(tollgate.api)).filter(({ name }) => name === 'tollgate_commands_total');
    expect(counted.map(({ labels, value }) => [labels['service'], labels['answer'], value]).sort()).toEqual([
      ['lease', 'lease_mismatch', 1],
      ['lease', 'lock-repeated', 1],
      ['lease', 'lock-taken', 1],
      ['lease', 'task-acquired', 1],
      ['lease', 'task-completed', 1],
    ]);
  });

  it.each(STAGES)('measures how long %s takes, and how many events it appends at once', async (service) => {
    const samples = await scrape(tollgate.api);
    const decided = valueOf(samples, 'tollgate_stage_latency_count', { service });
    expect(decided).toBeGreaterThanOrEqual(5);
    expect(valueOf(samples, 'tollgate_stage_latency_bucket', { service, le: '+Inf' })).toBe(decided);
    expect(valueOf(samples, 'tollgate_stage_latency_sum', { service })).toBeGreaterThan(0);
    const appends = valueOf(samples, 'tollgate_events_per_append_count', { service });
    expect(appends).toBeGreaterThan(0);
    expect(valueOf(samples, 'tollgate_events_per_append_sum', { service })).toBeGreaterThanOrEqual(decided);
    expect(valueOf(samples, 'tollgate_takeovers_total', { service })).toBe(1);
  });

  it('says how far every reader is behind', async () => {
    const readers = async (): Promise<Readonly<Record<string, string[]>>> => {
      const lags = (await scrape(tollgate.api)).filter(({ name }) => name === 'tollgate_reader_lag');
      const services = Object.groupBy(lags, ({ labels }) => labels['service'] ?? '');
      const names = Object.entries(services).map(([service, of = []]) => [
        service,
        of.map(({ labels }) => labels['reader'] ?? '').sort(),
      ]);
      return Object.fromEntries(names) as Readonly<Record<string, string[]>>;
    };
    const journals = (projection: string): string[] =>
      ['budget', 'dispatch', 'lease', 'policy'].map((name) => `${projection}/${name}`);
    await eventually('audit has measured', async () => (await readers())['audit'] !== undefined);
    expect(await readers()).toEqual({
      gateway: ['config'],
      policy: ['calls', 'config'],
      lease: ['budget', 'calls', 'config', 'dispatch', 'policy'],
      budget: ['dispatch', 'lease'],
      dispatcher: ['budget', 'calls', 'config'],
      audit: [
        ...journals('decisions'),
        ...journals('postgres'),
        ...['postgres/config', 'postgres/notes', 'tasks/lease'],
        ...journals('redis'),
      ].sort(),
    });
  });

  it('the lag of a projection grows while it cannot write, and goes when it can', async () => {
    const behind = async (): Promise<number> => lag(await scrape(tollgate.api), 'audit', 'postgres/policy') ?? 0;
    const unlock = await lockedEvents(tollgate);
    for (const n of [11, 12, 13]) await tollgate.api.run({ agent_id: AGENT, tool: 'echo', args: { n } });
    await eventually('postgres lags', async () => (await behind()) >= 3);
    await unlock();
    await eventually('postgres has caught up', async () => (await behind()) === 0);
  }, 40_000);

  it('counts attempts in doubt until somebody resolves them, and a resolved call as ended once', async () => {
    const attempts = async (): Promise<number> => valueOf(await scrape(tollgate.api), 'tollgate_attempts_in_doubt');
    const ended = async (): Promise<number> => valueOf(await scrape(tollgate.api), 'tollgate_decisions_total');
    expect(await attempts()).toBe(1);
    const before = await ended();
    const word = { outcome: 'executed', result: {}, note: 'it did' };
    expect((await tollgate.api.post(`/v1/calls/${inDoubt}/resolve`, word)).status).toBe(200);
    await eventually('nothing is in doubt', async () => (await attempts()) === 0);
    expect(await ended()).toBe(before);
  });

  it('has no tenant, agent, key or tool in its labels', async () => {
    const samples = await scrape(tollgate.api);
    const ours = samples.filter(({ name }) => name.startsWith('tollgate_'));
    const labels = new Set(ours.flatMap((sample) => Object.keys(sample.labels)));
    const known = ['answer', 'decision', 'input', 'le', 'otel_scope_name', 'partition', 'reader', 'reason', 'service'];
    expect([...labels].sort()).toEqual(known);
    const keys = (await tollgate.api.get('/v1/keys')).body as { id: string }[];
    const text = JSON.stringify(samples);
    for (const name of [AGENT, 'echo', 'default', 'forbidden', ...keys.map(({ id }) => id)])
      expect(text).not.toContain(name);
  });

  it('a log line about a call has its trace, run and call; every line is JSON', async () => {
    const run = { agent_id: AGENT, tool: 'echo', args: { n: 'logged' }, run_id: 'a-run-of-calls' };
    const { body } = await tollgate.api.run(run);
    const received = tollgate.tool.at('echo').find((one) => one.body.call_id === body.call_id);
    const [, traceId] = String(received?.headers['traceparent']).split('-');
    await eventually('the line is there', () => linesOf(body.call_id as string).length > 0);
    for (const line of linesOf(body.call_id as string)) {
      expect(line).toMatchObject({ call_id: body.call_id, run_id: 'a-run-of-calls', trace_id: traceId });
    }
    for (const line of logged()) {
      expect(line).toMatchObject({ level: expect.any(String), time: expect.any(String), msg: expect.any(String) });
    }
  });

  it('an input that was parked says so in the log, with the ids of its call', async () => {
    const { callId, trace } = await parkCall(tollgate, 'no role');
    const parked = linesOf(callId).filter(({ msg }) => msg === 'input parked');
    const ids = { call_id: callId, run_id: callId, trace_id: trace.split('-')[1] };
    expect(parked).toMatchObject([{ level: 'error', service: 'policy', code: 'undecodable', ...ids }]);
  });

  it('connects to nothing but its servers and tools, and writes nothing to its standard error', async () => {
    const { nats, redis, postgres, tool } = tollgate;
    const known = [nats, redis, postgres].map(({ port }) => String(port));
    expect([...(await recorder.targets())].sort()).toEqual([...known, new URL(tool.url('echo')).port].sort());
    expect(tollgate.processes.flatMap(({ errorOutput }) => errorOutput)).toEqual([]);
  });

  type Line = Readonly<Record<string, unknown>>;
  const logged = (): Line[] => tollgate.processes.flatMap(({ lines }) => lines).map((line) => JSON.parse(line) as Line);
  const linesOf = (callId: string): Line[] => logged().filter((line) => JSON.stringify(line).includes(callId));
});

/** Keeps everybody from writing events; the answer ends it. */
async function lockedEvents({ postgres }: Installation): Promise<() => Promise<void>> {
  const client = new pg.Client(postgres.url);
  await client.connect();
  await client.query('begin; lock table events in access exclusive mode');
  return () => client.end();
}
