import { answer, drop, eventually } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

const EXECUTED = { ok: true, allowed: true, decision: 'executed', policy_reason: 'ok', risk_level: 'low' };
const DEDUP = { ok: true, allowed: true, decision: 'dedup', policy_reason: 'tool_idempotency', risk_level: 'low' };
const FAILED = { ok: false, allowed: true, decision: 'failed', policy_reason: 'tool_error', risk_level: 'medium' };
const UNKNOWN = { ok: false, allowed: true, decision: 'failed', policy_reason: 'outcome_unknown', risk_level: 'high' };
const LONG_NOTE = 'x'.repeat(2_049);
const blocked = (policy_reason: string, risk_level: string) => ({
  ok: true,
  allowed: false,
  decision: 'blocked',
  policy_reason,
  risk_level,
});
const HOURLY = blocked('max_actions_per_hour_exceeded', 'critical');
const PER_TOOL = blocked('max_calls_per_tool_exceeded', 'high');
const SPEND = blocked('max_spend_usd_per_day_exceeded', 'critical');
const NOT_ALLOWED = blocked('tool_not_in_allowed_list', 'medium');
const BLOCK_LISTED = blocked('tool_explicitly_blocked', 'medium');
const DISABLED = blocked('agent_disabled', 'critical');

describe('contract 3.1, the governed call', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  const atTool = (tool: string) => tollgate().tool.at(tool);

  /** An agent of its own and a tool of its own, with a policy where one is given. */
  async function pair(policy?: object, tool: object = {}) {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(call.tool, { ...tool });
    if (policy !== undefined) await tollgate().policy(call.agent_id, { ...policy });
    return call;
  }
  const run = async (body: Readonly<Record<string, unknown>>, headers = {}) => {
    const { status, body: answered } = await api().run(body, headers);
    expect([status, answered]).toMatchObject([200, { decision: expect.any(String) }]);
    return answered;
  };
  const resolve = (callId: string, outcome: string, more: object = {}) =>
    api().post(`/v1/calls/${callId}/resolve`, { outcome, note: 'looked at the books', ...more });
  /** A call whose connection drops after the tool took it. */
  async function unknownCall(policy?: object, tool: object = {}, more: object = {}) {
    const call = { ...(await pair(policy, tool)), ...more };
    tollgate().tool.on(call.tool, drop);
    const first = await run(call);
    expect(first).toMatchObject(UNKNOWN);
    tollgate().tool.on(call.tool, answer(200, { fine: true }));
    return { call, first };
  }

  describe('situations', () => {
    row('3.1/ran', async () => {
      const call = await pair();
      const ran = await run({ ...call, args: { amount: 100 }, spend_usd: 0.25 });
      expect(ran).toEqual({
        ...EXECUTED,
        result: { n: 1 },
        call_id: expect.stringMatching(/^call_/),
        run_id: ran.call_id,
        args_hash: expect.stringMatching(/^.{16,256}$/),
        spend_usd: 0.25,
      });
      expect(atTool(call.tool).map(({ body }) => body)).toMatchObject([{ ...call, args: { amount: 100 } }]);
    });

    row('3.1/repeat', async () => {
      const call = await pair();
      const first = await run({ ...call, args: { n: 1 } });
      expect(await run({ ...call, args: { n: 1 } })).toMatchObject({ ...DEDUP, result: first.result });
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('3.1/not-allowed', async () => {
      const call = await pair({ allowed_tools: ['another'] });
      expect(await run(call)).toMatchObject(NOT_ALLOWED);
      expect(atTool(call.tool)).toHaveLength(0);
    });

    row('3.1/block-listed', async () => {
      const call = await pair();
      await tollgate().policy(call.agent_id, { allowed_tools: [call.tool], blocked_tools: [call.tool] });
      expect(await run(call)).toMatchObject(BLOCK_LISTED);
      expect(atTool(call.tool)).toHaveLength(0);
    });

    row('3.1/disabled-agent', async () => {
      const call = await pair();
      await api().post(`/v1/agents/${call.agent_id}/disable`);
      expect(await run(call)).toMatchObject(DISABLED);
      expect(atTool(call.tool)).toHaveLength(0);
      await api().post(`/v1/agents/${call.agent_id}/enable`);
      expect(await run(call)).toMatchObject(EXECUTED);
    });

    row('3.1/hourly-cap', async () => {
      const call = await pair({ max_actions_per_hour: 2 });
      for (const n of [1, 2]) expect(await run({ ...call, args: { n } })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 3 } })).toMatchObject(HOURLY);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/tool-cap', async () => {
      const call = await pair();
      const other = await pair();
      await tollgate().policy(call.agent_id, { max_calls_per_tool: { [call.tool]: 2 } });
      for (const n of [1, 2]) expect(await run({ ...call, args: { n } })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 3 } })).toMatchObject(PER_TOOL);
      expect(await run({ ...call, tool: other.tool, args: { n: 3 } })).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/spend-cap', async () => {
      const call = await pair({ max_spend_usd_per_day: 1 });
      expect(await run({ ...call, args: { n: 1 }, spend_usd: 0.6 })).toMatchObject({ ...EXECUTED, spend_usd: 0.6 });
      expect(await run({ ...call, args: { n: 2 }, spend_usd: 0.400001 })).toMatchObject({ ...SPEND, spend_usd: 0 });
      expect(await run({ ...call, args: { n: 3 }, spend_usd: 0.4 })).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/tool-failed', async () => {
      const call = await pair();
      tollgate().tool.on(call.tool, answer(400, { reason: 'no' }));
      expect(await run({ ...call, spend_usd: 2 })).toMatchObject({ ...FAILED, spend_usd: 0 });
      const unsent = await pair({}, { url: 'http://127.0.0.1:1/', max_retries: 0 });
      expect(await run(unsent)).toMatchObject(FAILED);
    });

    row('3.1/unknown', async () => {
      const { first } = await unknownCall({}, {}, { spend_usd: 2 });
      expect(first).toMatchObject({ ...UNKNOWN, spend_usd: 2 });
    });
  });

  describe('what is sent', () => {
    row('3.1/modes', async () => {
      const call = await pair();
      for (const body of [{ key: 'k', ...call }, { key: 'k', tool: call.tool }, { key: 'k', agent_id: 'a' }, {}]) {
        expect([body, (await api().run(body)).status]).toEqual([body, 422]);
      }
    });

    row('3.1/members', async () => {
      const { agent_id, tool } = await pair();
      for (const body of [{ agent_id }, { tool }, { agent_id: 1, tool }, { agent_id, tool: {} }]) {
        expect([body, (await api().run(body)).status]).toEqual([body, 422]);
      }
      for (const args of ['text', 1, true, [], [{}]])
        expect((await api().run({ agent_id, tool, args })).status).toBe(422);
      for (const spend_usd of [-0.01, 'x', '1', true, []]) {
        expect((await api().run({ agent_id, tool, spend_usd })).status).toBe(422);
      }
      expect(atTool(tool)).toHaveLength(0);
    });

    row('3.1/idempotency-header', async () => {
      const call = await pair();
      const key = fresh('key');
      const first = await run({ ...call, idempotency_key: key });
      const same = { ...DEDUP, original_call_id: first.call_id };
      expect(await run(call, { 'idempotency-key': key })).toMatchObject(same);
      expect(await run(call, { 'idempotency-key': `"${key}"` })).toMatchObject(same);
      expect(await run({ ...call, idempotency_key: key }, { 'idempotency-key': `"${key}"` })).toMatchObject(same);
      const refused = [
        await api().run({ ...call, idempotency_key: key }, { 'idempotency-key': 'another' }),
        await api().run(call, { 'idempotency-key': 'x'.repeat(257) }),
        await api().run({ ...call, idempotency_key: 'x'.repeat(257) }),
        await api().run(call, { 'idempotency-key': '""' }),
      ];
      expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
      expect(await run({ ...call, args: { n: 2 } }, { 'idempotency-key': 'x'.repeat(256) })).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/run-id', async () => {
      const call = await pair();
      const run_id = fresh('run');
      const [one, other] = [
        await run({ ...call, run_id, args: { n: 1 } }),
        await run({ ...call, run_id, args: { n: 2 } }),
      ];
      expect([one.run_id, other.run_id]).toEqual([run_id, run_id]);
      expect(await run({ ...call, run_id: fresh('run'), args: { n: 1 } })).toMatchObject(DEDUP);
      const alone = await run({ ...call, args: { n: 3 } });
      expect(alone.run_id).toBe(alone.call_id);
      const { events } = (await api().get(`/v1/runs/${run_id}`)).body;
      expect(new Set(events.map(({ call_id }: Json) => call_id))).toEqual(new Set([one.call_id, other.call_id]));
    });

    row('3.1/run-id-argument', async () => {
      const call = await pair();
      const [one, other] = [fresh('run'), fresh('run')];
      const first = await run({ ...call, args: { n: 1, run_id: one } });
      expect(first).toMatchObject({ ...EXECUTED, run_id: one });
      expect(atTool(call.tool)[0]!.body).toMatchObject({ run_id: one, args: { n: 1, run_id: one } });
      expect(await run({ ...call, args: { n: 1, run_id: other } })).toMatchObject({ ...DEDUP, run_id: other });
      expect(await run({ ...call, args: { n: 1 } })).toMatchObject(DEDUP);
      for (const bad of ['', 'x'.repeat(257), 'a\u0001']) {
        expect((await api().run({ ...call, args: { run_id: bad } })).status).toBe(422);
      }
    });

    row('3.1/run-id-ordinary', async () => {
      const call = await pair();
      const run_id = fresh('run');
      expect(await run({ ...call, run_id, args: { run_id: 'x' } })).toMatchObject({ ...EXECUTED, run_id });
      expect(await run({ ...call, run_id, args: { run_id: 'y' } })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { run_id: 1 } })).toMatchObject(EXECUTED);
      const second = await run({ ...call, args: { run_id: 2 } });
      expect(second).toMatchObject({ ...EXECUTED, run_id: second.call_id });
      const counting = await pair({}, { run_id_is_argument: true });
      const one = await run({ ...counting, args: { run_id: 'x' } });
      expect(one).toMatchObject({ ...EXECUTED, run_id: one.call_id });
      expect(await run({ ...counting, args: { run_id: 'y' } })).toMatchObject(EXECUTED);
      expect(await run({ ...counting, args: { run_id: 'x'.repeat(300) } })).toMatchObject(EXECUTED);
      expect(await run({ ...counting, args: { run_id: 'x' } })).toMatchObject(DEDUP);
    });
  });

  describe('answers', () => {
    row('3.1/cap-detail', async () => {
      const hourly = await pair({ max_actions_per_hour: 1 });
      await run({ ...hourly, args: { n: 1 } });
      const byHour = await run({ ...hourly, args: { n: 2 } });
      expect(byHour).toMatchObject({ limit: 1, remaining: 0 });
      expect(byHour.retry_after_sec).toBeGreaterThan(3_500);
      expect(byHour.retry_after_sec).toBeLessThanOrEqual(3_600);
      expect(Number.isInteger(byHour.retry_after_sec)).toBe(true);

      const midnight = (Math.floor(Date.now() / 86_400_000) + 1) * 86_400;
      const perTool = await pair();
      await tollgate().policy(perTool.agent_id, { max_calls_per_tool: { [perTool.tool]: 1 } });
      await run({ ...perTool, args: { n: 1 } });
      const byTool = await run({ ...perTool, args: { n: 2 } });
      expect(byTool).toMatchObject({ limit: 1, remaining: 0 });
      expect(Math.abs(byTool.retry_after_sec - (midnight - Date.now() / 1_000))).toBeLessThan(10);

      const spend = await pair({ max_spend_usd_per_day: 1.5 });
      await run({ ...spend, args: { n: 1 }, spend_usd: 1 });
      const bySpend = await run({ ...spend, args: { n: 2 }, spend_usd: 1 });
      expect(bySpend).toMatchObject({ limit: 1.5, remaining: 0.5 });
      expect(Math.abs(bySpend.retry_after_sec - (midnight - Date.now() / 1_000))).toBeLessThan(10);

      const never = { retry_after_sec: null };
      expect(await run({ ...spend, args: { n: 3 }, spend_usd: 2 })).toMatchObject({
        ...SPEND,
        remaining: 0.5,
        ...never,
      });
      expect(await run(await pair({ max_actions_per_hour: 0 }))).toMatchObject({
        ...HOURLY,
        limit: 0,
        remaining: 0,
        ...never,
      });
      expect(await run(await pair({ allowed_tools: ['x'] }))).not.toHaveProperty('limit');
    });

    row('3.1/result-object', async () => {
      const call = await pair();
      for (const [body, result] of [
        [[1, 2], { value: [1, 2] }],
        ['text', { value: 'text' }],
        [null, { value: null }],
        [{ a: [1] }, { a: [1] }],
      ]) {
        tollgate().tool.on(call.tool, answer(200, body));
        const sent = { ...call, args: { body } };
        expect((await run(sent)).result).toEqual(result);
        expect(await run(sent)).toMatchObject({ ...DEDUP, result });
      }
      expect(await run(await pair({ allowed_tools: ['x'] }))).not.toHaveProperty('result');
    });

    row('3.1/failed-result', async () => {
      const call = await pair();
      tollgate().tool.on(call.tool, answer(418, { secret: 'of the tool' }));
      expect((await run(call)).result).toEqual({ error: 'tool_error', status: 418 });
      const unsent = await pair({}, { url: 'http://127.0.0.1:1/', max_retries: 0 });
      expect((await run(unsent)).result).toEqual({ error: 'connect_failed', status: null });
      expect((await unknownCall()).first.result).toEqual({ error: 'connection_lost', status: null });
    });

    row('3.1/dedup-answer', async () => {
      const call = await pair();
      const first = await run({ ...call, spend_usd: 1, run_id: fresh('run') });
      const repeat = await run({ ...call, spend_usd: 1 });
      expect(repeat).toMatchObject({
        ...DEDUP,
        spend_usd: 0,
        original_call_id: first.call_id,
        args_hash: first.args_hash,
      });
      expect(repeat.call_id).not.toBe(first.call_id);
      expect(repeat.run_id).toBe(repeat.call_id);
      expect(first).not.toHaveProperty('original_call_id');
    });

    row('3.1/hang-up', async () => {
      const call = await pair();
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      const { promise: goOn, resolve: proceed } = Promise.withResolvers<void>();
      tollgate().tool.on(call.tool, async (received, response) => {
        reach();
        await goOn;
        await answer(200, { done: true })(received, response);
      });
      const gone = new AbortController();
      const hungUp = api()
        .send('POST', '/v1/ai/run', { body: call, signal: gone.signal })
        .catch(() => 'hung up');
      await reached;
      gone.abort();
      expect(await hungUp).toBe('hung up');
      proceed();
      expect(await run(call)).toMatchObject({ ...DEDUP, result: { done: true } });
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('3.1/unknown-tool', async () => {
      const call = { agent_id: fresh('agent'), tool: fresh('nobody') };
      const refused = await api().run(call);
      expect(refused).toMatchObject({ status: 404, body: { detail: { error: 'tool_not_found' } } });
      const [log] = (await api().get(`/v1/agents/${call.agent_id}/logs`)).body;
      expect(log).toMatchObject({
        ...call,
        allowed: true,
        decision: 'failed',
        policy_reason: 'tool_not_found',
        risk_level: 'medium',
        spend_usd: 0,
      });
    });

    row('3.1/disabled-tool', async () => {
      const call = await pair(undefined, { enabled: false });
      expect(await api().run(call)).toMatchObject({ status: 409, body: { detail: { error: 'tool_disabled' } } });
      const [log] = (await api().get(`/v1/agents/${call.agent_id}/logs`)).body;
      expect(log).toMatchObject({ decision: 'failed', policy_reason: 'tool_disabled', risk_level: 'medium' });
      const { events } = (await api().get(`/v1/runs/${log.run_id}`)).body;
      expect(events.at(-1)).toMatchObject({
        type: 'run_finished',
        status: 'failed',
        data: { policy_reason: 'tool_disabled' },
      });
      expect(atTool(call.tool)).toHaveLength(0);
    });

    row('3.1/forbidden-name', async () => {
      const agent_id = fresh('agent');
      await tollgate().policy(agent_id, { allowed_tools: ['x'], blocked_tools: ['not-registered'] });
      expect(await run({ agent_id, tool: 'not-registered' })).toMatchObject(BLOCK_LISTED);
      expect(await run({ agent_id, tool: 'also-not-registered' })).toMatchObject(NOT_ALLOWED);
      expect((await api().run({ agent_id, tool: 'x' })).status).toBe(404);
    });
  });

  describe('the order of checks', () => {
    row('3.1/scopes', async () => {
      const [mine, other] = [fresh('agent'), fresh('agent')];
      const tool = fresh('tool');
      const own = fresh('own');
      await tollgate().register(tool);
      await tollgate().register(tool, { scope_id: `agent:${mine}`, url: tollgate().tool.url(own) });
      expect(await run({ agent_id: mine, tool })).toMatchObject(EXECUTED);
      expect([atTool(own).length, atTool(tool).length]).toEqual([1, 0]);
      expect(await run({ agent_id: other, tool })).toMatchObject(EXECUTED);
      expect([atTool(own).length, atTool(tool).length]).toEqual([1, 1]);
      await api().post(`/v1/tools/${tool}/toggle?scope_id=agent:${mine}`, { enabled: false });
      expect((await api().run({ agent_id: mine, tool, args: { n: 2 } })).status).toBe(409);
      await api().delete(`/v1/tools/${tool}?scope_id=agent:${mine}`);
      // The scope is part of the dedup key: the same call at another tool is another call.
      expect(await run({ agent_id: mine, tool })).toMatchObject(EXECUTED);
      expect(atTool(tool)).toHaveLength(2);
    });

    row('3.1/order', async () => {
      const call = await pair({ max_actions_per_hour: 1, max_spend_usd_per_day: 1 });
      const { agent_id, tool } = call;
      const paid = { ...call, args: { n: 1 }, spend_usd: 1 };
      const another = { ...call, args: { n: 2 }, spend_usd: 5 };
      await api().post(`/v1/policies/${agent_id}`, { max_calls_per_tool: { [tool]: 1 } });
      expect(await run(paid)).toMatchObject(EXECUTED);
      // Each check is reached when those before it pass.
      expect(await run(another)).toMatchObject(HOURLY);
      await api().post(`/v1/policies/${agent_id}`, { max_actions_per_hour: null });
      expect(await run(another)).toMatchObject(PER_TOOL);
      await api().post(`/v1/policies/${agent_id}`, { max_calls_per_tool: null });
      expect(await run(another)).toMatchObject(SPEND);
      // Dedup comes before every cap.
      await api().post(`/v1/policies/${agent_id}`, { max_actions_per_hour: 0 });
      expect(await run(paid)).toMatchObject(DEDUP);
      // The tool comes before dedup.
      await api().post(`/v1/tools/${tool}/toggle`, { enabled: false });
      expect((await api().run(paid)).status).toBe(409);
      // The allow list comes before the tool, the block list before it, the agent's state before all.
      await api().post(`/v1/policies/${agent_id}`, { allowed_tools: ['x'] });
      expect(await run(paid)).toMatchObject(NOT_ALLOWED);
      await api().post(`/v1/policies/${agent_id}`, { blocked_tools: [tool] });
      expect(await run(paid)).toMatchObject(BLOCK_LISTED);
      await api().post(`/v1/agents/${agent_id}/disable`);
      expect(await run(paid)).toMatchObject(DISABLED);
    });

    row('3.1/repeat-is-free', async () => {
      const call = await pair({ max_actions_per_hour: 2, max_spend_usd_per_day: 2 });
      await api().post(`/v1/policies/${call.agent_id}`, { max_calls_per_tool: { [call.tool]: 2 } });
      for (const decision of ['executed', 'dedup', 'dedup', 'dedup']) {
        expect(await run({ ...call, args: { n: 1 }, spend_usd: 1 })).toMatchObject({ decision });
      }
      expect(await run({ ...call, args: { n: 2 }, spend_usd: 1 })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 3 } })).toMatchObject(HOURLY);
    });
  });

  describe('dedup', () => {
    row('3.1/dedup-key', async () => {
      const call = await pair();
      const raw = (args: string) =>
        api().send('POST', '/v1/ai/run', { raw: `{"agent_id":"${call.agent_id}","tool":"${call.tool}"${args}}` });
      expect(await run(call)).toMatchObject(EXECUTED);
      expect((await raw(',"args":{}')).body).toMatchObject(DEDUP);
      expect((await raw(',"args":null')).body).toMatchObject(DEDUP);
      expect((await raw(',"args":{"b":[1,{"y":1,"x":"é"}],"a":1e2}')).body).toMatchObject(EXECUTED);
      expect(
        (await raw(',"args":{ "a" : 100.0, "b":[1.0,{"x":"\\u00e9","y":1}] }, "spend_usd": 9')).body,
      ).toMatchObject(DEDUP);
      for (const other of [
        '{"a":100,"b":[{"x":"é","y":1},1]}',
        '{"a":"100","b":[1,{"x":"é","y":1}]}',
        '{"a":100,"b":[1,{"x":"e\u0301","y":1}]}',
        '{"a":100,"b":[1,{"x":"é","y":null}]}',
      ]) {
        expect((await raw(`,"args":${other}`)).body).toMatchObject(EXECUTED);
      }
      const other = await pair();
      expect(await run({ ...call, agent_id: other.agent_id })).toMatchObject(EXECUTED);
      expect(await run({ ...call, tool: other.tool })).toMatchObject(EXECUTED);
    });

    row('3.1/idempotency-key', async () => {
      const call = await pair();
      const keyed = { ...call, idempotency_key: fresh('key'), args: { n: 1 } };
      const first = await run(keyed);
      expect(first).toMatchObject(EXECUTED);
      expect(await run(keyed)).toMatchObject({ ...DEDUP, original_call_id: first.call_id });
      const reused = await api().run({ ...keyed, args: { n: 2 } });
      expect(reused).toMatchObject({ status: 409, body: { detail: { error: 'idempotency_key_reused' } } });
      // In the place of the args: the same args under another key, or under none, are another call.
      expect(await run({ ...keyed, idempotency_key: fresh('key') })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 1 } })).toMatchObject(EXECUTED);
      const other = await pair();
      expect(await run({ ...keyed, agent_id: other.agent_id, args: { n: 2 } })).toMatchObject(EXECUTED);
      expect(await run({ ...keyed, tool: other.tool, args: { n: 2 } })).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(4);
    });

    row('3.1/window', async () => {
      const call = await pair(undefined, { dedup_window_sec: 2 });
      await run(call);
      const completed = Date.now();
      expect(await run(call)).toMatchObject(DEDUP);
      await new Promise((resolve) => setTimeout(resolve, completed + 2_100 - Date.now()));
      expect(await run(call)).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(2);
    });

    row('3.1/window-0', async () => {
      const call = await pair(undefined, { dedup_window_sec: 0 });
      const calls = await Promise.all([run(call), run(call), run(call)]);
      for (const one of [...calls, await run(call)]) expect(one).toMatchObject(EXECUTED);
      expect(atTool(call.tool)).toHaveLength(4);
      expect(new Set(atTool(call.tool).map(({ body }) => body.idempotency_key)).size).toBe(4);
    });

    row('3.1/window-0-key', async () => {
      const call = { ...(await pair(undefined, { dedup_window_sec: 0 })), idempotency_key: fresh('key') };
      const calls = await Promise.all([run(call), run(call), run(call)]);
      expect(calls.map(({ decision }) => decision).sort()).toEqual(['dedup', 'dedup', 'executed']);
      expect(await run(call)).toMatchObject(DEDUP);
      expect((await api().run({ ...call, args: { n: 2 } })).status).toBe(409);
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('3.1/only-completed', async () => {
      const call = await pair();
      tollgate().tool.on(call.tool, answer(400));
      expect(await run(call)).toMatchObject(FAILED);
      tollgate().tool.on(call.tool, answer(200, { second: true }));
      expect(await run(call)).toMatchObject({ ...EXECUTED, result: { second: true } });
      const stopped = await pair({ allowed_tools: ['x'] });
      expect(await run(stopped)).toMatchObject(NOT_ALLOWED);
      await tollgate().policy(stopped.agent_id, {});
      expect(await run(stopped)).toMatchObject(EXECUTED);
      const capped = await pair({ max_actions_per_hour: 0 });
      expect(await run(capped)).toMatchObject(HOURLY);
      await tollgate().policy(capped.agent_id, {});
      expect(await run(capped)).toMatchObject(EXECUTED);
    });

    row('3.1/held', async () => {
      const { call, first } = await unknownCall();
      expect(await run(call)).toMatchObject({ ...UNKNOWN, spend_usd: 0, result: first.result });
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('3.1/held-resolved', async () => {
      const done = await unknownCall();
      await resolve(done.first.call_id, 'executed', { result: { given: 1 } });
      const repeat = { ...DEDUP, result: { given: 1 }, original_call_id: done.first.call_id };
      expect(await run(done.call)).toMatchObject(repeat);
      const undone = await unknownCall();
      await resolve(undone.first.call_id, 'failed');
      expect(await run(undone.call)).toMatchObject({ ...EXECUTED, result: { fine: true } });
      expect([atTool(done.call.tool).length, atTool(undone.call.tool).length]).toEqual([1, 2]);
    });
  });

  describe('money and counts', () => {
    row('3.1/cost', async () => {
      const call = await pair();
      await tollgate().policy(call.agent_id, {
        pricing_rules: [
          { tool: call.tool, price_usd: 0.5 },
          { tool: 'x', price_usd: 7 },
        ],
      });
      const spent = async (n: number, more = {}) => (await run({ ...call, args: { n }, ...more })).spend_usd;
      expect(await spent(1)).toBe(0.5);
      expect(await spent(2, { spend_usd: 0.2 })).toBe(0.5);
      expect(await spent(3, { spend_usd: 0.7 })).toBe(0.7);
      expect((await run(await pair())).spend_usd).toBe(0);
    });

    row('3.1/zero-budget', async () => {
      const call = await pair({ max_spend_usd_per_day: 0 });
      expect(await run(call)).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 2 }, spend_usd: 0.000001 })).toMatchObject({
        ...SPEND,
        limit: 0,
        remaining: 0,
        retry_after_sec: null,
      });
      const exact = await pair({ max_spend_usd_per_day: 0.3 });
      for (const n of [1, 2, 3]) expect(await run({ ...exact, args: { n }, spend_usd: 0.1 })).toMatchObject(EXECUTED);
      expect(await run({ ...exact, args: { n: 4 }, spend_usd: 0.000001 })).toMatchObject(SPEND);
    });

    /** Room for one call by each cap. */
    async function oneCall(tool: object = {}) {
      const call = await pair({ max_actions_per_hour: 1, max_spend_usd_per_day: 1 }, tool);
      await api().post(`/v1/policies/${call.agent_id}`, { max_calls_per_tool: { [call.tool]: 1 } });
      return { ...call, spend_usd: 1 };
    }

    row('3.1/given-back-all', async () => {
      const unsent = await oneCall({ url: 'http://127.0.0.1:1/', max_retries: 0 });
      expect(await run({ ...unsent, args: { n: 1 } })).toMatchObject(FAILED);
      await api().post('/v1/tools', { name: unsent.tool, url: tollgate().tool.url(unsent.tool) });
      expect(await run({ ...unsent, args: { n: 2 } })).toMatchObject(EXECUTED);
      expect(await run({ ...unsent, args: { n: 3 } })).toMatchObject(HOURLY);
      const refused = await oneCall({ max_retries: 0 });
      tollgate().tool.on(refused.tool, answer(429));
      expect(await run({ ...refused, args: { n: 1 } })).toMatchObject({
        ...FAILED,
        result: { error: 'refused', status: 429 },
      });
      tollgate().tool.on(refused.tool, answer(200));
      expect(await run({ ...refused, args: { n: 2 } })).toMatchObject(EXECUTED);
    });

    row('3.1/given-back-resolved', async () => {
      const call = await oneCall();
      tollgate().tool.on(call.tool, drop);
      const first = await run({ ...call, args: { n: 1 } });
      expect(first).toMatchObject(UNKNOWN);
      tollgate().tool.on(call.tool, answer(200));
      expect(await run({ ...call, args: { n: 2 } })).toMatchObject(HOURLY);
      await resolve(first.call_id, 'failed');
      expect(await run({ ...call, args: { n: 3 } })).toMatchObject(EXECUTED);
    });

    row('3.1/given-back-money', async () => {
      const call = await pair({ max_actions_per_hour: 3, max_spend_usd_per_day: 1 });
      tollgate().tool.on(call.tool, answer(400));
      const paid = { ...call, spend_usd: 1 };
      expect(await run({ ...paid, args: { n: 1 } })).toMatchObject({ ...FAILED, spend_usd: 0 });
      expect(await run({ ...paid, args: { n: 2 } })).toMatchObject(FAILED);
      tollgate().tool.on(call.tool, answer(200));
      expect(await run({ ...paid, args: { n: 3 } })).toMatchObject(EXECUTED);
      expect(await run({ ...call, args: { n: 4 } })).toMatchObject(HOURLY);
      const perTool = await pair();
      await tollgate().policy(perTool.agent_id, { max_calls_per_tool: { [perTool.tool]: 1 } });
      tollgate().tool.on(perTool.tool, answer(400));
      expect(await run({ ...perTool, args: { n: 1 } })).toMatchObject(FAILED);
      expect(await run({ ...perTool, args: { n: 2 } })).toMatchObject(PER_TOOL);
    });

    row('3.1/blocked-uncounted', async () => {
      const call = await oneCall();
      await api().post(`/v1/policies/${call.agent_id}`, { blocked_tools: ['bad'] });
      for (const n of [1, 2, 3]) expect(await run({ ...call, tool: 'bad', args: { n } })).toMatchObject(BLOCK_LISTED);
      for (const n of [1, 2, 3]) expect(await run({ ...call, args: { n }, spend_usd: 2 })).toMatchObject(SPEND);
      expect((await api().run({ ...call, tool: 'nobody' })).status).toBe(404);
      expect(await run(call)).toMatchObject(EXECUTED);
    });
  });

  describe('calls on record', () => {
    const get = async (callId: string) => (await api().get(`/v1/calls/${callId}`)).body;

    row('3.1/get-call', async () => {
      const call = await pair({ max_spend_usd_per_day: 2, blocked_tools: ['bad'] });
      const answers = [
        await run({ ...call, spend_usd: 1.5, run_id: fresh('run') }),
        await run({ ...call, spend_usd: 1.5 }),
        await run({ ...call, tool: 'bad' }),
        await run({ ...call, spend_usd: 1.5, args: { n: 2 } }),
        (await unknownCall({}, {}, { spend_usd: 1 })).first,
      ];
      expect(answers.map(({ decision }) => decision)).toEqual(['executed', 'dedup', 'blocked', 'blocked', 'failed']);
      for (const answered of answers) expect(await get(answered.call_id)).toEqual(answered);
    });

    row('3.1/get-refused', async () => {
      const call = await pair(undefined, { enabled: false });
      const disabled = (await api().run(call)).body.detail;
      const failed = { ...FAILED, spend_usd: 0, call_id: disabled.call_id };
      expect(await get(disabled.call_id)).toMatchObject({ ...failed, policy_reason: 'tool_disabled' });
      await api().run({ ...call, tool: 'nobody' });
      const [log] = (await api().get(`/v1/agents/${call.agent_id}/logs`)).body;
      const unknown = await get(log.call_id);
      expect(unknown).toMatchObject({ ...FAILED, policy_reason: 'tool_not_found' });
      expect(unknown).not.toHaveProperty('result');
      const keyed = { ...(await pair()), idempotency_key: fresh('key') };
      await run(keyed);
      const reused = (await api().run({ ...keyed, args: { n: 2 } })).body.detail;
      expect(await get(reused.call_id)).toMatchObject({ ...FAILED, policy_reason: 'idempotency_key_reused' });
    });

    row('3.1/list', async () => {
      const call = await pair();
      const [first, second] = [await run({ ...call, args: { n: 1 } }), await run({ ...call, args: { n: 2 } })];
      const gate = Promise.withResolvers<void>();
      tollgate().tool.on(call.tool, async (received, response) => {
        await gate.promise;
        await answer(200)(received, response);
      });
      const running = run({ ...call, args: { n: 3 } });
      const list = async (query = ''): Promise<Json> =>
        (await api().get(`/v1/calls?agent_id=${call.agent_id}${query}`)).body;
      await eventually('it is listed', async () => (await list('&status=in_progress')).length === 1);
      const [third] = await list('&status=in_progress');
      expect(third).toMatchObject({ ...call, decision: 'in_progress', ended_at: null, in_doubt: false });
      const time = expect.stringMatching(/^\d{4}-.*Z$/);
      const { result: _, ...shown } = second;
      const listed = { ...shown, ...call, requested_at: time, ended_at: time, in_doubt: false };
      expect(await list('&limit=1&offset=1')).toEqual([listed]);
      expect((await list()).map(({ call_id }: Json) => call_id)).toEqual([
        third.call_id,
        second.call_id,
        first.call_id,
      ]);
      gate.resolve();
      expect((await running).call_id).toBe(third.call_id);
      expect(await list('&status=in_progress')).toEqual([]);
    });

    row('3.1/list-in-doubt', async () => {
      const { call, first } = await unknownCall();
      await run({ ...call, args: { n: 2 } });
      const listed = await api().get(`/v1/calls?status=in_doubt&agent_id=${call.agent_id}`);
      expect(listed.body).toMatchObject([{ call_id: first.call_id, policy_reason: 'outcome_unknown', ...call }]);
      const all = (await api().get('/v1/calls?status=in_doubt&limit=500')).body;
      expect(all.map(({ call_id }: Json) => call_id)).toContain(first.call_id);
      await resolve(first.call_id, 'failed');
      expect((await api().get(`/v1/calls?status=in_doubt&agent_id=${call.agent_id}`)).body).toEqual([]);
      expect((await api().get(`/v1/calls?agent_id=${call.agent_id}`)).body).toHaveLength(2);
    });

    row('3.1/resolve', async () => {
      const done = await unknownCall({}, {}, { spend_usd: 1 });
      const executed = { ...EXECUTED, result: { given: 1 }, spend_usd: 1, call_id: done.first.call_id };
      const first = await resolve(done.first.call_id, 'executed', { result: { given: 1 } });
      expect([first.status, first.body]).toMatchObject([200, executed]);
      expect((await resolve(done.first.call_id, 'executed', { result: { given: 1 } })).body).toEqual(first.body);
      expect(await get(done.first.call_id)).toEqual(first.body);

      const undone = await unknownCall({}, {}, { spend_usd: 1 });
      const failed = await resolve(undone.first.call_id, 'failed');
      expect(failed).toMatchObject({ status: 200, body: { ...FAILED, spend_usd: 0 } });
      expect((await resolve(undone.first.call_id, 'failed')).body).toEqual(failed.body);
      expect(await get(undone.first.call_id)).toEqual(failed.body);

      const wrapped = await resolve((await unknownCall()).first.call_id, 'executed', { result: [1] });
      expect(wrapped.body.result).toEqual({ value: [1] });

      const open = (await unknownCall()).first.call_id;
      for (const bad of [
        { outcome: 'maybe' },
        { outcome: undefined },
        { note: undefined },
        { note: 5 },
        { note: '' },
        { note: LONG_NOTE },
      ]) {
        expect((await resolve(open, 'failed', bad)).status).toBe(422);
      }
      const agentKey = (await api().post('/v1/keys', { role: 'agent', agents: ['*'] })).body.key;
      expect(
        (await api().as(agentKey).post(`/v1/calls/${open}/resolve`, { outcome: 'failed', note: 'n' })).status,
      ).toBe(403);
    });

    row('0/413-result', async () => {
      const { first } = await unknownCall();
      const result = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
      const refused = await resolve(first.call_id, 'executed', { result: result(262_145) });
      expect(refused).toMatchObject({ status: 413, body: { detail: { error: 'payload_too_large' } } });
      expect((await get(first.call_id)).policy_reason).toBe('outcome_unknown');
      expect((await resolve(first.call_id, 'executed', { result: result(262_144) })).status).toBe(200);
    });

    row('3.1/not-in-doubt', async () => {
      const refused = { status: 409, body: { detail: { error: 'not_in_doubt', message: expect.any(String) } } };
      const ran = await run(await pair());
      expect(await resolve(ran.call_id, 'failed')).toMatchObject(refused);
      expect(await resolve(ran.call_id, 'executed')).toMatchObject(refused);
      const { first } = await unknownCall();
      await resolve(first.call_id, 'executed');
      expect(await resolve(first.call_id, 'failed')).toMatchObject(refused);
      const both = await unknownCall();
      const answers = await Promise.all(['executed', 'failed'].map((outcome) => resolve(both.first.call_id, outcome)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    });
  });
});
