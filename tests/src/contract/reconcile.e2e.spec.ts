import { createHmac } from 'node:crypto';
import { answer, drop, TOOL_SECRET, type Received } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

const FAILED = { ok: false, allowed: true, decision: 'failed', policy_reason: 'tool_error', risk_level: 'medium' };
const UNKNOWN = { ok: false, allowed: true, decision: 'failed', policy_reason: 'outcome_unknown', risk_level: 'high' };

type Behaviour = ReturnType<typeof answer>;

describe('contract 6, tools that are asked, and secrets that change', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  const run = async (call: Readonly<Record<string, unknown>>) => (await api().run(call)).body;
  const known = (tool: string) => `${tool}-known`;
  const atTool = (tool: string) => tollgate().tool.at(tool);
  const asked = (tool: string) => tollgate().tool.at(known(tool));
  const keysOf = (requests: readonly Received[]) => new Set(requests.map(({ body }) => body.idempotency_key));

  function does(path: string, ...behaviours: Behaviour[]): void {
    const left = [...behaviours];
    tollgate().tool.on(path, (received, response) => (left.length > 1 ? left.shift()! : left[0]!)(received, response));
  }
  const says = (status: string, more: object = {}): Behaviour => answer(200, { status, ...more });

  /** A call of a tool that does the one thing after the other, and says the other things after one another when it is asked. */
  async function toTool(attempts: Behaviour[], answers: Behaviour[], change: object = {}) {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    const reconcile_url = tollgate().tool.url(known(call.tool));
    await tollgate().register(call.tool, { on_unknown: 'reconcile', reconcile_url, ...change });
    does(call.tool, ...attempts);
    does(known(call.tool), ...answers);
    return call;
  }
  const typesOf = async (run_id: string) =>
    (await api().get(`/v1/runs/${run_id}`)).body.events.map(({ type, status }: Json) => `${type} ${status}`);

  row('6/reconcile', async () => {
    const call = await toTool([drop], [says('unknown'), says('executed', { result: { receipt: 7 } })]);
    const first = await run({ ...call, args: { amount: 1 }, spend_usd: 0.5 });
    expect(first).toMatchObject({ ok: true, decision: 'executed', result: { receipt: 7 }, spend_usd: 0.5 });
    expect(await run({ ...call, args: { amount: 1 } })).toMatchObject({ decision: 'dedup', result: { receipt: 7 } });
    const [sent] = atTool(call.tool);
    expect([atTool(call.tool).length, asked(call.tool).length]).toEqual([1, 2]);
    const question = asked(call.tool)[0]!;
    expect(question.body).toEqual({
      tool: call.tool,
      idempotency_key: sent!.body.idempotency_key,
      call_id: first.call_id,
      timestamp: expect.any(Number),
    });
    expect(question.headers).toMatchObject({
      'idempotency-key': sent!.body.idempotency_key,
      'x-onceonly-signature': hex(TOOL_SECRET, question.raw),
      'x-onceonly-signature-alg': 'hmac_sha256',
      'x-onceonly-timestamp': String(question.body['timestamp']),
      traceparent: expect.stringMatching(/^00-/),
    });
    expect((await typesOf(first.run_id)).slice(-5)).toEqual([
      'tool_call started',
      'tool_result unknown',
      'tool_reconciled unknown',
      'tool_reconciled executed',
      'run_finished executed',
    ]);
  });

  row('6/reconcile-not-executed', async () => {
    const again = await toTool([drop, answer(200, { at: 'last' })], [says('not_executed')], { max_retries: 1 });
    expect(await run(again)).toMatchObject({ decision: 'executed', result: { at: 'last' } });
    expect([atTool(again.tool).length, keysOf(atTool(again.tool)).size]).toEqual([2, 1]);

    const never = await toTool([answer(502)], [says('not_executed')], { max_retries: 1 });
    await tollgate().policy(never.agent_id, { max_spend_usd_per_day: 1 });
    const failed = { ...FAILED, result: { error: 'server_error', status: 502 }, spend_usd: 0 };
    expect(await run({ ...never, spend_usd: 1 })).toMatchObject(failed);
    expect([atTool(never.tool).length, asked(never.tool).length]).toEqual([2, 2]);
    // The key is free and the money is back; but the tool sees the same key until an end is known.
    does(never.tool, answer(200, { n: 3 }));
    expect(await run({ ...never, spend_usd: 1 })).toMatchObject({ decision: 'executed', spend_usd: 1 });
    expect(keysOf([...atTool(never.tool), ...asked(never.tool)]).size).toBe(1);
  });

  row('6/reconcile-unknown', async () => {
    const call = await toTool([drop], [says('unknown'), answer(404), drop], { max_retries: 3 });
    const first = await run(call);
    expect(first).toMatchObject({ ...UNKNOWN, result: { error: 'connection_lost', status: null } });
    expect(await run(call)).toMatchObject(UNKNOWN);
    expect([atTool(call.tool).length, asked(call.tool).length]).toEqual([1, 3]);
    const { body } = await api().get('/v1/calls?status=in_doubt');
    expect(body.map(({ call_id }: Json) => call_id)).toContain(first.call_id);
    const unasked = await toTool([drop], [says('executed')], { max_retries: 0 });
    expect(await run(unasked)).toMatchObject(UNKNOWN);
    expect(asked(unasked.tool)).toHaveLength(0);
  });

  row('6/reconcile-disabled', async () => {
    for (const [word, answered] of [
      ['executed', { decision: 'executed' }],
      ['not_executed', { decision: 'blocked', policy_reason: 'agent_disabled' }],
    ] as const) {
      const call = await toTool([drop], []);
      does(known(call.tool), async (received, response) => {
        await api().post(`/v1/agents/${call.agent_id}/disable`, {});
        await says('unknown')(received, response);
        does(known(call.tool), says(word));
      });
      expect(await run(call)).toMatchObject(answered);
      expect([word, atTool(call.tool).length, asked(call.tool).length]).toEqual([word, 1, 2]);
    }
  });

  row('6/reconcile-url', async () => {
    const auth = { type: 'hmac_sha256', secret: TOOL_SECRET };
    const tool = { name: fresh('tool'), url: tollgate().tool.url('x'), auth };
    const refused = async (more: object) => (await api().post('/v1/tools', { ...tool, ...more })).body.detail?.[0];
    expect(await refused({ on_unknown: 'reconcile' })).toMatchObject({
      type: 'missing',
      loc: ['body', 'reconcile_url'],
    });
    for (const reconcile_url of ['text', 'ftp://example.com/', 'http://a:b@example.com/', 'http://10.0.0.1/']) {
      expect(await refused({ on_unknown: 'reconcile', reconcile_url })).toMatchObject({
        loc: ['body', 'reconcile_url'],
      });
    }
    const asks = { on_unknown: 'reconcile', reconcile_url: 'http://example.com/known' };
    expect((await api().post('/v1/tools', { ...tool, ...asks })).body).toMatchObject(asks);
    // Like every member it keeps its value; it is stored also where nothing is asked.
    expect((await api().post('/v1/tools', { name: tool.name, on_unknown: 'hold' })).body).toMatchObject({
      on_unknown: 'hold',
      reconcile_url: asks.reconcile_url,
    });
    expect((await api().post('/v1/tools', { name: tool.name, on_unknown: 'reconcile' })).status).toBe(201);
  });

  row('6/rotation', async () => {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(call.tool);
    const rotate = async (secret: string, more: object = {}) =>
      (await api().post('/v1/tools', { name: call.tool, auth: { type: 'hmac_sha256', secret, ...more } })).body;
    const { secret_id: old, previous_secret_id } = (await api().get(`/v1/tools/${call.tool}`)).body;
    expect(previous_secret_id).toBeNull();
    let sent = 0;
    const signatures = async () => {
      await run({ ...call, args: { n: (sent += 1) } });
      return atTool(call.tool).at(-1)!;
    };

    const rotated = await rotate('the-second-secret');
    expect(rotated).toMatchObject({ previous_secret_id: old, previous_secret_until: expect.any(String) });
    const lasts = Date.parse(rotated.previous_secret_until) - Date.parse(rotated.updated_at);
    expect(lasts).toBe(86_400_000);
    expect(JSON.stringify(rotated)).not.toContain('second-secret');
    expect((await api().get(`/v1/tools/${call.tool}`)).body).toEqual(rotated);
    const both = await signatures();
    expect(both.headers).toMatchObject({
      'x-onceonly-signature': hex('the-second-secret', both.raw),
      'x-onceonly-signature-previous': hex(TOOL_SECRET, both.raw),
      'webhook-signature': `${webhook('the-second-secret', both)} ${webhook(TOOL_SECRET, both)}`,
    });

    // Repeated it changes nothing; ended by the same secret with an overlap of 0.
    expect(await rotate('the-second-secret', { overlap_sec: 60 })).toEqual(rotated);
    const ended = await rotate('the-second-secret', { overlap_sec: 0 });
    expect(ended).toMatchObject({
      secret_id: rotated.secret_id,
      previous_secret_id: null,
      previous_secret_until: null,
    });
    const alone = await signatures();
    expect(alone.headers).not.toHaveProperty('x-onceonly-signature-previous');
    expect(alone.headers['webhook-signature']).toBe(webhook('the-second-secret', alone));

    // It runs out by itself.
    await rotate('the-third-secret', { overlap_sec: 1 });
    expect((await signatures()).headers).toHaveProperty('x-onceonly-signature-previous');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await signatures()).headers).not.toHaveProperty('x-onceonly-signature-previous');
    expect((await api().get(`/v1/tools/${call.tool}`)).body.previous_secret_id).toBeNull();
    for (const overlap_sec of [-1, 604_801, 1.5, '60']) {
      const { status } = await api().post('/v1/tools', {
        name: call.tool,
        auth: { type: 'hmac_sha256', secret: 'the-fourth-secret', overlap_sec },
      });
      expect([overlap_sec, status]).toEqual([overlap_sec, 422]);
    }
  });
});

const hex = (secret: string, raw: string): string => createHmac('sha256', secret).update(raw).digest('hex');

function webhook(secret: string, { headers, raw }: Received): string {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`;
  return `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`;
}
