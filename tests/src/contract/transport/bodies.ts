import { fresh } from '../installed.js';
import type { Json } from '../json.js';
import { row } from '../row.js';
import { LONG, type Transport } from './transport.js';

export function bodies({ tollgate, tool, api, call, raw }: Transport): void {
  describe('bodies', () => {
    row('0/content-type', async () => {
      for (const type of [
        'text/plain',
        'application/xml',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'a;;b',
      ]) {
        const body = JSON.stringify(call());
        const answer = await api().send('POST', '/v1/ai/run', { raw: body, headers: { 'content-type': type } });
        expect([type, answer.body.decision]).toEqual([type, 'executed']);
      }
    });

    row('0/empty-body', async () => {
      const agent = fresh('agent');
      expect((await api().send('POST', `/v1/agents/${agent}/disable`)).status).toBe(200);
      expect((await raw('', `/v1/policies/${agent}`)).status).toBe(201);
      expect((await raw(' \n')).body.detail.map(({ type, loc }: Json) => [type, loc])).toEqual([
        ['missing', ['body', 'agent_id']],
        ['missing', ['body', 'tool']],
      ]);
    });

    row('0/null', async () => {
      const sent = call({ args: null, spend_usd: null, run_id: null, idempotency_key: null, key: null, dry_run: null });
      const answer = await api().run(sent);
      expect(answer.body).toMatchObject({ decision: 'executed', spend_usd: 0, run_id: answer.body.call_id });
      expect((await api().run({ agent_id: null, tool })).body.detail[0]).toMatchObject({ type: 'missing' });
    });

    row('0/unknown-members', async () => {
      const sent = call({ nonsense: { deep: [1] }, allowed: false, constructor: 1, toString: null });
      expect((await api().run(sent)).body.decision).toBe('executed');
    });

    row('0/opaque', async () => {
      const args = {
        a: null,
        list: [null, { b: null }],
        result: { metadata: null },
        args: {},
        key: 'k',
        constructor: 'c',
        '': 0,
      };
      await api().run(call({ args }));
      expect(tollgate().tool.at(tool).at(-1)!.body.args).toEqual(args);
    });

    row('0/413-body', async () => {
      const padded = (bytes: number) => {
        const body = JSON.stringify(call());
        return body + ' '.repeat(bytes - body.length);
      };
      expect((await raw(padded(1_048_576))).body.decision).toBe('executed');
      expect(await raw(padded(1_048_577))).toMatchObject({
        status: 413,
        body: { detail: { error: 'payload_too_large' } },
      });
      const chunked = await fetch(`${api().base}/v1/tools`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tollgate().adminKey}` },
        body: new Blob([padded(3_000_000)]).stream(),
        duplex: 'half',
      } as RequestInit);
      expect(chunked.status).toBe(413);
    });

    row('0/413-args', async () => {
      const fits = { text: 'é'.repeat(32_762) + 'x' };
      expect(Buffer.byteLength(JSON.stringify(fits))).toBe(65_536);
      // Spaces of the body do not count.
      expect((await raw(JSON.stringify(call({ args: fits }), null, 4))).body.decision).toBe('executed');
      const answer = await api().run(call({ args: { text: `${fits.text}x` } }));
      expect(answer).toMatchObject({
        status: 413,
        body: { detail: { error: 'payload_too_large', message: expect.any(String) } },
      });
    });

    row('0/422', async () => {
      const issue = { type: expect.any(String), loc: expect.any(Array), msg: expect.any(String) };
      const body = await api().run(call({ args: 'text', spend_usd: 'much' }));
      expect(body).toMatchObject({
        status: 422,
        body: {
          detail: [
            { ...issue, loc: ['body', 'args'] },
            { ...issue, loc: ['body', 'spend_usd'] },
          ],
        },
      });
      const query = await api().get('/v1/calls?limit=x');
      expect(query).toMatchObject({ status: 422, body: { detail: [{ ...issue, loc: ['query', 'limit'] }] } });
      const path = await api().get(`/v1/calls/${LONG}`);
      expect(path).toMatchObject({ status: 422, body: { detail: [{ ...issue, loc: ['path', 'call_id'] }] } });
      for (const { detail } of [body.body, query.body, path.body]) {
        for (const one of detail) expect(Object.keys(one).sort()).toEqual(['input', 'loc', 'msg', 'type']);
      }
      for (const whole of ['[]', '"text"', '1', 'true', 'null'])
        expect([whole, (await raw(whole)).status]).toEqual([whole, 422]);
    });

    row('0/422-not-json', async () => {
      for (const text of [
        '{',
        '{"a":}',
        "{'a':1}",
        '{"a":1,}',
        '[1 2]',
        'NaN',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":01}',
        '{"a":1}{',
        '\uFEFFx',
        'undefined',
        '{"a":"\n"}',
        '{"a":"\\x"}',
      ]) {
        const answer = await raw(text);
        expect([text, answer.status, answer.body.detail[0].type]).toEqual([text, 422, 'json_invalid']);
        expect(answer.body.detail[0].loc[0]).toBe('body');
      }
      expect((await raw(Buffer.from([0x7b, 0xff, 0x7d]))).body.detail[0].type).toBe('json_invalid');
    });

    row('0/422-input', async () => {
      const secret = 'never-shown-canary';
      const shown = (await raw(JSON.stringify(call({ run_id: secret + LONG })))).body.detail[0];
      expect(shown.input).toBe((secret + LONG).slice(0, 100));
      const answers = [
        await api().run(call({ args: secret })),
        await raw(`{"agent_id":"a","tool":"t","args":{"x":"${secret}","n":1e400}}`),
        await raw(`{"agent_id":"a","tool":"t","args":{"run_id":"${secret}\\u0001"}}`),
        await raw(`{"agent_id":"a","tool":"t","args":{"${secret}":"\\ud800"},"metadata":{"${secret}":1e400}}`),
        await api().post('/v1/tools', {
          name: 'x',
          url: `http://user:${secret}@h/`,
          auth: { type: 'hmac_sha256', secret },
        }),
        await api().post('/v1/tools', { name: 'x', url: 'http://h/', auth: { type: secret, secret: 1 } }),
        await api().post('/v1/calls/call_x/resolve', { outcome: 'x', result: secret, note: '' }),
      ];
      for (const { status, body } of answers) {
        expect(status).toBe(422);
        for (const { input } of body.detail) expect(JSON.stringify(input)).not.toContain(secret);
      }
    });
  });
}
