import { createHmac } from 'node:crypto';
import { answer, drop, hang, TOOL_SECRET, type Received } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

const FAILED = { ok: false, allowed: true, decision: 'failed', policy_reason: 'tool_error', risk_level: 'medium' };
const UNKNOWN = { ok: false, allowed: true, decision: 'failed', policy_reason: 'outcome_unknown', risk_level: 'high' };

type Behaviour = ReturnType<typeof answer>;

describe('contract 6, dispatch', () => {
  const nowhere = 'http://127.0.0.1:1';
  const tollgate = installed({
    env: {
      HTTP_PROXY: nowhere,
      http_proxy: nowhere,
      HTTPS_PROXY: nowhere,
      ALL_PROXY: nowhere,
      NODE_USE_ENV_PROXY: '1',
    },
  });
  const api = () => PatientApi.of(tollgate().api);
  const atTool = (tool: string) => tollgate().tool.at(tool);
  const keysAt = (tool: string) => new Set(atTool(tool).map(({ body }) => body.idempotency_key));

  /** A call of an agent of its own to a tool of its own, which does these things in order, the last one again and again. */
  async function toTool(tool: object = {}, ...behaviours: Behaviour[]) {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(call.tool, { ...tool });
    does(call.tool, ...behaviours);
    return call;
  }
  function does(tool: string, ...behaviours: Behaviour[]): void {
    const left = [...behaviours];
    if (left.length === 0) return;
    tollgate().tool.on(tool, (received, response) => (left.length > 1 ? left.shift()! : left[0]!)(received, response));
  }
  const run = async (call: Readonly<Record<string, unknown>>, headers = {}) => (await api().run(call, headers)).body;
  const resolve = (callId: string, outcome: string) =>
    api().post(`/v1/calls/${callId}/resolve`, { outcome, note: 'n' });
  const failedWith = (error: string, status: number | null) => ({ ...FAILED, result: { error, status } });
  const unknownBy = (error: string, status: number | null) => ({ ...UNKNOWN, result: { error, status } });

  describe('the request', () => {
    let received: Received;
    let call: { agent_id: string; tool: string };
    let answered: Json;
    const args = { text: 'é😀', list: [1, null, { a: 0.1 }] };
    const incoming = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    beforeAll(async () => {
      call = await toTool();
      answered = await run(
        { ...call, args, run_id: 'run/é' },
        { traceparent: incoming, 'idempotency-key': 'caller-text' },
      );
      received = atTool(call.tool)[0]!;
    });

    row('6/request', async () => {
      expect(received.body).toEqual({
        ...call,
        args,
        run_id: 'run/é',
        call_id: answered.call_id,
        request_id: expect.any(String),
        idempotency_key: expect.stringMatching(/^tg_[A-Za-z0-9_-]{20,}$/),
        timestamp: expect.any(Number),
      });
      expect(Number.isInteger(received.body['timestamp'])).toBe(true);
      expect(Math.abs(Number(received.body['timestamp']) - received.at / 1_000)).toBeLessThan(5);
      expect(received.headers).toMatchObject({
        'content-type': 'application/json',
        'x-onceonly-signature-alg': 'hmac_sha256',
        'x-onceonly-timestamp': String(received.body['timestamp']),
        'idempotency-key': received.body.idempotency_key,
      });
      expect(received.raw).not.toContain('caller-text');
      expect(JSON.stringify(received.headers)).not.toContain('caller-text');
      expect(JSON.stringify(received.headers)).not.toContain(tollgate().adminKey);
    });

    row('6/signature', async () => {
      const signature = createHmac('sha256', Buffer.from(TOOL_SECRET, 'utf8'))
        .update(received.raw, 'utf8')
        .digest('hex');
      expect(received.headers['x-onceonly-signature']).toBe(signature);
      const secret = 'ein-schlüssel-😀';
      const other = await toTool({ auth: { type: 'hmac_sha256', secret } });
      await run(other);
      const { headers, raw } = atTool(other.tool)[0]!;
      expect(headers['x-onceonly-signature']).toBe(
        createHmac('sha256', Buffer.from(secret, 'utf8')).update(raw, 'utf8').digest('hex'),
      );
    });

    row('6/standard-webhooks', async () => {
      const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = received.headers;
      expect(id).toBe(received.body.idempotency_key);
      expect(timestamp).toBe(String(received.body['timestamp']));
      const hmac = createHmac('sha256', Buffer.from(TOOL_SECRET, 'utf8')).update(
        `${String(id)}.${String(timestamp)}.${received.raw}`,
      );
      expect(signature).toBe(`v1,${hmac.digest('base64')}`);
    });

    row('6/traceparent', async () => {
      expect(received.headers['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
      expect(received.headers['traceparent']).not.toBe(incoming);
      const bare = await toTool();
      await run(bare);
      expect(atTool(bare.tool)[0]!.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
    });
  });

  describe('the outgoing key', () => {
    row('6/key-retries', async () => {
      const call = await toTool({ max_retries: 2 }, answer(429), answer(503, {}, { 'retry-after': '0' }), answer(200));
      expect((await run(call)).decision).toBe('executed');
      const requests = atTool(call.tool);
      expect(requests).toHaveLength(3);
      expect(keysAt(call.tool).size).toBe(1);
      expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(new Set(requests.map(({ body }) => body.call_id)).size).toBe(1);
      const other = await toTool();
      for (const n of [1, 2]) await run({ ...other, args: { n } });
      expect(keysAt(other.tool).size).toBe(2);
    });

    row('6/key-known-end', async () => {
      const call = await toTool({}, answer(400), answer(200));
      expect((await run(call)).decision).toBe('failed');
      expect((await run(call)).decision).toBe('executed');
      expect(keysAt(call.tool).size).toBe(2);
    });

    row('6/key-unknown-end', async () => {
      const held = await toTool({}, drop, answer(400), answer(200));
      const first = await run(held);
      expect(first).toMatchObject(UNKNOWN);
      await resolve(first.call_id, 'failed');
      expect(await run(held)).toMatchObject(FAILED);
      expect(await run(held)).toMatchObject({ decision: 'executed' });
      expect(atTool(held.tool)).toHaveLength(3);
      expect(keysAt(held.tool).size).toBe(1);
      const released = await toTool({ on_unknown: 'fail' }, drop, answer(200));
      expect((await run(released)).decision).toBe('failed');
      expect((await run(released)).decision).toBe('executed');
      expect(keysAt(released.tool).size).toBe(1);
    });
  });

  describe('what is known', () => {
    const raw =
      (status: number, body: string | Buffer, headers: Record<string, string> = {}): Behaviour =>
      (_received, response) => {
        response.writeHead(status, headers).end(body);
      };

    row('6/executed', async () => {
      for (const [behaviour, result] of [
        [answer(200, { a: 1 }), { a: 1 }],
        [answer(201, [1]), { value: [1] }],
        [raw(202, ''), {}],
        [raw(204, ''), {}],
        [raw(200, 'plain é'), { value: 'plain é' }],
        [raw(299, '{"a":'), { value: '{"a":' }],
        [raw(200, '"text"', { 'content-type': 'text/html' }), { value: 'text' }],
        [raw(200, '{"error":"of the tool"}'), { error: 'of the tool' }],
      ] as const) {
        const call = await toTool({}, behaviour);
        expect(await run(call)).toMatchObject({ ok: true, decision: 'executed', result });
        expect((await run(call)).result).toEqual(result);
        expect(atTool(call.tool)).toHaveLength(1);
      }
    });

    row('6/executed-large', async () => {
      const text = (bytes: number) => raw(200, JSON.stringify({ text: 'x'.repeat(bytes - 11) }));
      const cutOff: Behaviour = (_received, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"a":1', () => response.destroy());
      };
      const stalled: Behaviour = (_received, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"a":1');
      };
      const large = await toTool({}, text(262_145));
      expect(await run(large)).toMatchObject({ decision: 'executed', result: { error: 'response_too_large' } });
      expect(await run(large)).toMatchObject({ decision: 'dedup', result: { error: 'response_too_large' } });
      expect((await run(await toTool({}, text(262_144)))).result.text).toHaveLength(262_133);
      expect((await run(await toTool({}, cutOff))).result).toEqual({ error: 'response_incomplete' });
      expect((await run(await toTool({ timeout_ms: 300 }, stalled))).result).toEqual({ error: 'response_incomplete' });
    });

    row('6/not-sent', async () => {
      const url = (path: string) => tollgate().tool.url(path);
      for (const [address, code] of [
        ['http://127.0.0.1:1/', 'connect_failed'],
        ['http://nobody.invalid/', 'connect_failed'],
        [url('x').replace('http:', 'https:'), 'tls_failed'],
      ]) {
        const call = await toTool({ url: address, max_retries: 1 });
        expect([address, await run({ ...call, spend_usd: 1 })]).toMatchObject([
          address,
          { ...failedWith(code!, null), spend_usd: 0 },
        ]);
      }
      // Again, up to max_retries: each try is an attempt on the run's timeline.
      const call = await toTool({ url: 'http://127.0.0.1:1/', max_retries: 2 });
      const { run_id } = await run(call);
      const { events } = (await api().get(`/v1/runs/${run_id}`)).body;
      expect(events.filter(({ type }: Json) => type === 'tool_result')).toHaveLength(3);
      expect(events.filter(({ type }: Json) => type === 'tool_call')).toHaveLength(0);
    });

    row('6/refused', async () => {
      for (const status of [408, 425, 429]) {
        const again = await toTool({ max_retries: 1 }, answer(status), answer(200, { at: 'last' }));
        expect(await run(again)).toMatchObject({ decision: 'executed', result: { at: 'last' } });
        const never = await toTool({ max_retries: 1 }, answer(status));
        expect(await run(never)).toMatchObject(failedWith('refused', status));
        expect(atTool(never.tool)).toHaveLength(2);
      }
      const busy = await toTool({ max_retries: 1 }, answer(503, {}, { 'retry-after': '1' }), answer(200));
      expect((await run(busy)).decision).toBe('executed');
      const [first, second] = atTool(busy.tool);
      expect(second!.at - first!.at).toBeGreaterThanOrEqual(990);
      const gone = await toTool({ max_retries: 0 }, answer(503, {}, { 'retry-after': '5' }));
      expect(await run(gone)).toMatchObject(failedWith('refused', 503));
    });

    row('6/tool-error', async () => {
      for (const status of [300, 304, 400, 401, 404, 409, 422, 500]) {
        const call = await toTool({ max_retries: 2 }, answer(status));
        expect(await run(call)).toMatchObject(failedWith('tool_error', status));
        expect(atTool(call.tool)).toHaveLength(1);
      }
    });

    row('6/server-error-is', async () => {
      const call = await toTool({ server_error_is: 'unknown' }, answer(500));
      expect(await run(call)).toMatchObject(unknownBy('server_error', 500));
    });

    row('6/unknown-timeout', async () => {
      const call = await toTool({ timeout_ms: 250 }, hang);
      expect(await run(call)).toMatchObject(unknownBy('timeout', null));
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('6/unknown-reset', async () => {
      const call = await toTool({}, drop);
      expect(await run(call)).toMatchObject(unknownBy('connection_lost', null));
      expect(atTool(call.tool)).toHaveLength(1);
    });

    row('6/unknown-5xx', async () => {
      for (const status of [501, 502, 503, 504, 599]) {
        const call = await toTool({}, answer(status));
        expect(await run(call)).toMatchObject(unknownBy('server_error', status));
        expect(atTool(call.tool)).toHaveLength(1);
      }
    });
  });

  describe('on_unknown', () => {
    row('6/hold', async () => {
      const call = await toTool({ on_unknown: 'hold', max_retries: 5 }, drop, answer(200));
      await tollgate().policy(call.agent_id, { max_spend_usd_per_day: 1 });
      const first = await run({ ...call, spend_usd: 1 });
      expect(first).toMatchObject({ ...UNKNOWN, spend_usd: 1 });
      expect(await run({ ...call, spend_usd: 1 })).toMatchObject(UNKNOWN);
      const another = { ...call, args: { n: 2 }, spend_usd: 1 };
      expect((await run(another)).policy_reason).toBe('max_spend_usd_per_day_exceeded');
      await resolve(first.call_id, 'failed');
      expect((await run(another)).decision).toBe('executed');
    });

    row('6/retry', async () => {
      const call = await toTool(
        { on_unknown: 'retry', max_retries: 2 },
        drop,
        answer(502),
        answer(200, { third: true }),
      );
      expect(await run(call)).toMatchObject({ decision: 'executed', result: { third: true } });
      expect([atTool(call.tool).length, keysAt(call.tool).size]).toEqual([3, 1]);
      const lost = await toTool({ on_unknown: 'retry', max_retries: 1 }, drop);
      expect(await run(lost)).toMatchObject(UNKNOWN);
      expect(await run(lost)).toMatchObject(UNKNOWN);
      expect([atTool(lost.tool).length, keysAt(lost.tool).size]).toEqual([2, 1]);
      // A known failure behind an unknown attempt says nothing of that one.
      const mixed = await toTool({ on_unknown: 'retry', max_retries: 1 }, drop, answer(400));
      expect(await run(mixed)).toMatchObject(UNKNOWN);
    });

    row('6/fail', async () => {
      const call = await toTool({ on_unknown: 'fail' }, drop, answer(200));
      await tollgate().policy(call.agent_id, { max_spend_usd_per_day: 1, max_actions_per_hour: 1 });
      expect(await run({ ...call, spend_usd: 1 })).toMatchObject({
        ...failedWith('connection_lost', null),
        spend_usd: 0,
      });
      expect(await run({ ...call, spend_usd: 1 })).toMatchObject({ decision: 'executed', spend_usd: 1 });
    });
  });

  describe('where requests go', () => {
    row('6/no-redirects', async () => {
      const elsewhere = fresh('elsewhere');
      for (const status of [301, 302, 303, 307, 308]) {
        const call = await toTool({}, answer(status, {}, { location: tollgate().tool.url(elsewhere) }));
        expect(await run(call)).toMatchObject(failedWith('tool_error', status));
      }
      expect(atTool(elsewhere)).toHaveLength(0);
    });

    row('6/no-proxy', async () => {
      // The environment of this installation names a proxy that nobody serves.
      expect((await run(await toTool())).decision).toBe('executed');
    });
  });
});
