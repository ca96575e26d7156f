import { answer, eventually, hang, type Answer } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

const WAIT_LIMIT_MS = 1_500;
const CALL_DEADLINE_MS = 6_000;

describe('contract 3.1, calls that wait', () => {
  const tollgate = installed({
    env: {
      TOLLGATE_WAIT_LIMIT_MS: String(WAIT_LIMIT_MS),
      TOLLGATE_CALL_DEADLINE_MS: String(CALL_DEADLINE_MS),
      TOLLGATE_TOOL_CONCURRENCY: '1',
    },
  });
  const api = () => PatientApi.of(tollgate().api);
  const atTool = (tool: string) => tollgate().tool.at(tool);

  /** A tool that takes requests and answers when the test says so, in order. */
  async function slowCall(tool: object = {}, policy?: object) {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(call.tool, { ...tool });
    if (policy !== undefined) await tollgate().policy(call.agent_id, { ...policy });
    const waiting: ((status: number, body?: object) => void)[] = [];
    tollgate().tool.on(call.tool, async (received, response) => {
      const { promise, resolve } = Promise.withResolvers<[number, object]>();
      waiting.push((status, body = {}) => {
        resolve([status, body]);
      });
      await answer(...(await promise))(received, response);
    });
    const reached = (count: number) =>
      eventually(`${count} requests at the tool`, () => atTool(call.tool).length >= count);
    const reply = async (status: number, body?: object) => {
      await eventually('a request to answer', () => waiting.length > 0);
      waiting.shift()!(status, body);
    };
    return { call, reached, reply };
  }
  const waiters = (callId: string) =>
    eventually(`${callId} waits`, async () => {
      const { events } = (await api().get(`/v1/runs/${callId}`)).body;
      return events.some(({ status, type }: Json) => type === 'lease_decided' && status === 'waiting');
    });
  /** A repeat whose waiting has been journaled, named by its run. */
  async function repeatOf(call: object): Promise<{ answer: Promise<Answer> }> {
    const run_id = fresh('run');
    const answered = api().run({ ...call, run_id });
    await waiters(run_id);
    return { answer: answered };
  }
  const finished = (callId: string) =>
    eventually(
      `${callId} has ended`,
      async () => (await api().get(`/v1/calls/${callId}`)).body.decision !== 'in_progress',
    );

  row('3.1/joins', async () => {
    const { call, reached, reply } = await slowCall();
    const first = api().run(call);
    await reached(1);
    const repeats = [await repeatOf(call), await repeatOf(call)];
    await reply(200, { once: true });
    const { body } = await first;
    expect(body).toMatchObject({ decision: 'executed', result: { once: true } });
    for (const repeat of repeats) {
      const dedup = {
        decision: 'dedup',
        policy_reason: 'tool_idempotency',
        result: { once: true },
        original_call_id: body.call_id,
      };
      expect((await repeat.answer).body).toMatchObject(dedup);
    }
    expect(atTool(call.tool)).toHaveLength(1);
  });

  row('3.1/takeover', async () => {
    const { call, reached, reply } = await slowCall();
    const first = api().run(call);
    await reached(1);
    const [second, third] = [await repeatOf(call), await repeatOf(call)];
    await reply(400);
    expect((await first).body).toMatchObject({ decision: 'failed', policy_reason: 'tool_error' });
    await reached(2);
    await reply(200, { second: true });
    const taken = (await second.answer).body;
    expect(taken).toMatchObject({ decision: 'executed', result: { second: true } });
    expect((await third.answer).body).toMatchObject({ decision: 'dedup', original_call_id: taken.call_id });
    expect(atTool(call.tool)).toHaveLength(2);
  });

  row('3.1/takeover-caps', async () => {
    const { call, reached, reply } = await slowCall({}, { max_actions_per_hour: 1 });
    const first = api().run(call);
    await reached(1);
    const [second, third] = [await repeatOf(call), await repeatOf(call)];
    await reply(400);
    expect((await first).body.decision).toBe('failed');
    for (const one of [second, third]) {
      expect((await one.answer).body).toMatchObject({
        decision: 'blocked',
        policy_reason: 'max_actions_per_hour_exceeded',
      });
    }
    expect(atTool(call.tool)).toHaveLength(1);
  });

  row('3.1/in-progress', async () => {
    const { call, reached, reply } = await slowCall();
    const began = Date.now();
    const late = await api().run({ ...call, run_id: fresh('run') });
    expect(Date.now() - began).toBeGreaterThanOrEqual(WAIT_LIMIT_MS - 50);
    expect([late.status, late.body.detail]).toMatchObject([
      409,
      {
        error: 'in_progress',
        message: expect.any(String),
        call_id: expect.stringMatching(/^call_/),
        run_id: expect.stringMatching(/^run-/),
        retry_after_sec: expect.any(Number),
      },
    ]);
    expect(late.headers.get('retry-after')).toBe(String(late.body.detail.retry_after_sec));
    expect((await api().get(`/v1/calls/${late.body.detail.call_id}`)).body).toMatchObject({ decision: 'in_progress' });
    await reached(1);
    const repeat = await repeatOf(call);
    await reply(200, { late: true });
    expect((await repeat.answer).body).toMatchObject({
      decision: 'dedup',
      result: { late: true },
      original_call_id: late.body.detail.call_id,
    });
    expect(atTool(call.tool)).toHaveLength(1);
  });

  row('0/retry-after', async () => {
    const { call, reply } = await slowCall();
    const { headers, body } = await api().run(call);
    const seconds = Number(headers.get('retry-after'));
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(30);
    expect(Number.isInteger(body.detail.retry_after_sec)).toBe(true);
    await reply(200);
  });

  row('3.1/respond-async', async () => {
    for (const prefer of ['respond-async', 'wait=1, Respond-Async', 'respond-async, wait=0']) {
      const { call, reply } = await slowCall();
      const accepted = await api().run({ ...call, run_id: fresh('run') }, { prefer });
      expect([accepted.status, accepted.body]).toMatchObject([
        202,
        {
          ok: true,
          allowed: true,
          decision: 'in_progress',
          policy_reason: 'in_progress',
          risk_level: 'low',
          spend_usd: 0,
        },
      ]);
      const location = accepted.headers.get('location');
      expect(location).toBe(`/v1/calls/${accepted.body.call_id}`);
      expect((await api().get(location!)).body).toEqual(accepted.body);
      await reply(200, { done: true });
      await finished(accepted.body.call_id);
      expect((await api().get(location!)).body).toMatchObject({ decision: 'executed', result: { done: true } });
    }
  });

  row('3.1/waited-too-long', async () => {
    const { call, reached, reply } = await slowCall();
    const first = api().run(call);
    await reached(1);
    const repeat = await repeatOf(call);
    const { call_id } = (await repeat.answer).body.detail;
    expect((await first).status).toBe(409);
    await reply(400);
    await finished(call_id);
    expect((await api().get(`/v1/calls/${call_id}`)).body).toMatchObject({
      decision: 'failed',
      policy_reason: 'tool_error',
      risk_level: 'medium',
      result: { error: 'expired', status: null },
    });
    expect(atTool(call.tool)).toHaveLength(1);
  });

  row('3.1/expired', async () => {
    const { call } = await slowCall({ timeout_ms: CALL_DEADLINE_MS + 2_000 });
    tollgate().tool.on(call.tool, hang);
    // The one place at the tool is taken: the other call waits for it until its deadline.
    await api().run({ ...call, args: { n: 1 } }, { prefer: 'respond-async' });
    const { call_id } = (await api().run({ ...call, args: { n: 2 } }, { prefer: 'respond-async' })).body;
    await finished(call_id);
    expect((await api().get(`/v1/calls/${call_id}`)).body).toMatchObject({
      ok: false,
      allowed: true,
      decision: 'failed',
      policy_reason: 'tool_error',
      result: { error: 'expired', status: null },
      spend_usd: 0,
    });
    expect(atTool(call.tool)).toHaveLength(1);
  });
});
