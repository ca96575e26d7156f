import { fresh, installed, trace } from './installed.js';
import type { Json } from './json.js';
import { NatsDump } from './nats-dump.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';
import { wire, wireText } from './wire.js';

const LONG = 'x'.repeat(257);
const BOMB = '['.repeat(40) + ']'.repeat(40);

describe('contract 0, transport', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  let tool = '';
  beforeAll(async () => {
    tool = fresh('echo');
    await tollgate().register(tool);
  });

  const call = (more: object = {}) => ({ agent_id: fresh('agent'), tool, ...more });
  const raw = (body: string | Buffer, path = '/v1/ai/run') => api().send('POST', path, { raw: body });
  const agentKey = async (...agents: string[]) =>
    api().as((await api().post('/v1/keys', { role: 'agent', agents })).body.key);

  describe('keys', () => {
    row('0/401', async () => {
      const nobody = api().as(undefined);
      for (const authorization of [
        undefined,
        '',
        'Bearer',
        'Bearer ',
        'Basic abc',
        'Bearer a b',
        tollgate().adminKey,
      ]) {
        const headers = authorization === undefined ? {} : { authorization };
        const answer = await nobody.get('/v1/tools', { headers });
        expect([authorization, answer.status, answer.body]).toEqual([
          authorization,
          401,
          { detail: 'Missing Authorization Bearer token' },
        ]);
      }
    });

    row('0/403-invalid-key', async () => {
      const refused = { status: 403, body: { detail: 'Invalid API key' } };
      expect(await api().as('tg_live_nobody-knows-it').get('/v1/tools')).toMatchObject(refused);
      const revoked = (await api().post('/v1/keys', { role: 'admin' })).body;
      await api().delete(`/v1/keys/${revoked.id}`);
      expect(await api().as(revoked.key).get('/v1/tools')).toMatchObject(refused);
      const past = new Date(Date.now() - 1_000).toISOString();
      const expired = (await api().post('/v1/keys', { role: 'admin', expires_at: past })).body;
      expect(await api().as(expired.key).run(call())).toMatchObject(refused);
    });

    row('0/403-forbidden', async () => {
      const agent = await agentKey('one');
      const forbidden = { status: 403, body: { detail: { error: 'forbidden', message: expect.any(String) } } };
      expect(await agent.get('/v1/tools')).toMatchObject(forbidden);
      expect(await agent.run({ agent_id: 'another', tool })).toMatchObject(forbidden);
      expect(await agent.get('/v1/agents/another/logs')).toMatchObject(forbidden);
    });

    row('0/keys', async () => {
      const { key, id } = (await api().post('/v1/keys', { role: 'admin' })).body;
      expect(key).toMatch(/^tg_live_[\x21-\x7e]{20,}$/);
      // The harness's own admin key is any opaque one.
      expect((await api().get('/v1/keys')).status).toBe(200);
      const dump = await NatsDump.of(tollgate().nats.url);
      expect(dump.contains(id)).toBe(true);
      expect(dump.contains(key)).toBe(false);
      expect(dump.contains(tollgate().adminKey)).toBe(false);
    });

    row('0/key-first', async () => {
      for (const [key, status] of [
        [undefined, 401],
        ['tg_live_unknown', 403],
      ] as const) {
        const caller = api().as(key);
        expect((await caller.send('POST', '/v1/ai/run', { raw: 'not json' })).status).toBe(status);
        expect((await caller.send('POST', '/v1/ai/run', { raw: 'x'.repeat(1_100_000) })).status).toBe(status);
        expect((await caller.get('/v1/agents/a/logs?limit=-1')).status).toBe(status);
        expect((await caller.get('/v1/calls/call_unknown')).status).toBe(status);
      }
    });
  });

  describe('paths', () => {
    row('0/404-route', async () => {
      for (const path of ['/', '/v1', '/v1/', '/v1/nothing', '/v1/tools/', '/v1/ai/run/more', '/v2/tools']) {
        expect([path, await api().get(path)]).toMatchObject([path, { status: 404, body: { detail: 'Not Found' } }]);
      }
    });

    row('0/405-method', async () => {
      for (const [method, path] of [
        ['DELETE', '/v1/ai/run'],
        ['GET', '/v1/ai/run'],
        ['PATCH', '/v1/tools'],
        ['DELETE', '/v1/policies/a'],
        ['POST', '/v1/runs/a'],
      ] as const) {
        expect(await api().send(method, path)).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' } });
      }
    });

    row('0/404-thing', async () => {
      const missing = (error: string) => ({ status: 404, body: { detail: { error, message: expect.any(String) } } });
      expect(await api().get('/v1/calls/call_unknown')).toMatchObject(missing('not_found'));
      expect(await api().post('/v1/calls/call_unknown/resolve', { outcome: 'failed', note: 'n' })).toMatchObject(
        missing('not_found'),
      );
      expect(await api().delete('/v1/keys/key_unknown')).toMatchObject(missing('not_found'));
      expect(await api().get('/v1/tools/unknown')).toMatchObject(missing('tool_not_found'));
      expect(await api().delete('/v1/tools/unknown')).toMatchObject(missing('tool_not_found'));
      expect(await api().post('/v1/tools/unknown/toggle', { enabled: true })).toMatchObject(missing('tool_not_found'));
      expect(await api().run(call({ tool: 'unknown' }))).toMatchObject(missing('tool_not_found'));
      expect(await api().get('/v1/policies/unknown')).toMatchObject(missing('policy_not_found'));
    });

    row('0/v1', async () => {
      for (const path of ['/tools', '/ai/run', '/policies', '/v1/healthz', '/v1/readyz', '/v1/metricsz']) {
        expect([path, (await api().get(path)).status]).toEqual([path, 404]);
      }
      for (const path of ['/healthz', '/readyz', '/metricsz']) {
        expect([path, (await api().as(undefined).get(path)).status]).toEqual([path, 200]);
      }
    });

    row('0/path-slash', async () => {
      const run_id = fresh('a/b');
      await api().run(call({ run_id }));
      const run = await api().get(`/v1/runs/${encodeURIComponent(run_id)}`);
      expect(run.body).toMatchObject({ run_id, events: expect.arrayContaining([expect.objectContaining({ run_id })]) });
      expect((await api().get('/v1/runs/%252F')).body.run_id).toBe('%2F');
      expect((await api().get(`/v1/runs/${run_id}`)).status).toBe(404);
      // Data, and so judged as an agent's id.
      expect((await api().get('/v1/policies/a%2Fb')).body.detail[0].loc).toEqual(['path', 'agent_id']);
    });

    row('0/path-broken', async () => {
      for (const segment of ['%', '%E0%A4%A', '%ff', '%ED%A0%80', '%zz', 'a%2']) {
        for (const path of [`/v1/runs/${segment}`, `/v1/policies/${segment}`, `/v1/agents/${segment}/logs`]) {
          const answer = await wire(api(), 'GET', path);
          expect([path, answer]).toEqual([path, { status: 404, body: { detail: 'Not Found' } }]);
        }
      }
    });

    row('0/path-unencoded', async () => {
      for (const agent of [`user@host:1+2,3;4=5!$&'()*`, '{a}|b^c`d"e<f>']) {
        expect((await api().post(`/v1/policies/${encodeURIComponent(agent)}`, {})).status).toBe(201);
        expect(await wire(api(), 'GET', `/v1/policies/${agent}`)).toMatchObject({
          status: 200,
          body: { agent_id: agent },
        });
      }
      const name = `t.${fresh('x')}:y`;
      await tollgate().register(name);
      expect(await wire(api(), 'GET', `/v1/tools/${name}`)).toMatchObject({ status: 200, body: { name } });
    });
  });

  describe('what is no request', () => {
    row('0/400-not-http', async () => {
      const broken = { status: 400, body: { detail: 'Bad Request' } };
      expect(await wireText(api(), 'hello\r\n\r\n')).toEqual(broken);
      expect(await wire(api(), 'POST', '/v1/ai/run', ['Content-Length: many'])).toEqual(broken);
      expect(await wire(api(), 'GET', '/v1/policies/\u00e9')).toEqual(broken);
      const header = `X-Much: ${'x'.repeat(100_000)}`;
      expect(await wire(api(), 'GET', '/v1/tools', [header])).toMatchObject({
        status: 431,
        body: { detail: expect.any(String) },
      });
    });
  });

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

  describe('values', () => {
    const refused = async (what: string, body: string) => {
      const answer = await raw(body);
      expect([what, answer.status]).toEqual([what, 422]);
      return answer.body.detail;
    };
    /** The text as a value of a member, inside args, and inside an ignored member. */
    const everywhere = (value: string) => [
      `{"agent_id":"a","tool":"${tool}","spend_usd":${value}}`,
      `{"agent_id":"a","tool":"${tool}","args":{"deep":[{"x":${value}}]}}`,
      `{"agent_id":"a","tool":"${tool}","ignored":[${value}]}`,
    ];

    row('0/numbers', async () => {
      for (const number of [
        '9007199254740993',
        '-9007199254740993',
        '9007199254740992',
        '1e20',
        '10e19',
        '1e400',
        '-1e400',
        '123456789012345678901234567890',
        '9007199254740992.0',
      ]) {
        for (const body of everywhere(number)) await refused(number, body);
      }
      const args =
        '{"most":9007199254740991,"least":-9007199254740991,"written":9.007199254740991e15,"small":1e-400,"half":0.5}';
      expect((await raw(`{"agent_id":"a","tool":"${tool}","args":${args}}`)).body.decision).toBe('executed');
    });

    row('0/texts', async () => {
      for (const text of [
        '"\\ud800"',
        '"\\udc00x"',
        '"x\\ud83d"',
        '"\\u0000"',
        '"a\\u0000b"',
        '{"\\ud800":1}',
        '{"a\\u0000":1}',
      ]) {
        for (const body of everywhere(text)) await refused(text, body);
      }
      expect(
        (await raw(`{"agent_id":"\\ud83d\\ude00","tool":"${tool}","args":{"x":"\\ud83d\\ude00"}}`)).body.decision,
      ).toBe('executed');
    });

    row('0/members', async () => {
      for (const object of [
        '{"x":1,"x":1}',
        '{"x":1,"\\u0078":2}',
        '{"__proto__":{}}',
        '{"\\u005f_proto__":1}',
        '[{"a":{"__proto__":null}}]',
      ]) {
        for (const body of everywhere(object)) await refused(object, body);
      }
      await refused('doubled at the top', `{"agent_id":"a","tool":"${tool}","tool":"${tool}"}`);
      await refused('__proto__ at the top', `{"agent_id":"a","tool":"${tool}","__proto__":{}}`);
    });

    row('0/nesting', async () => {
      const nested = (levels: number) =>
        `{"agent_id":"${fresh('a')}","tool":"${tool}","args":{"x":${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}}`;
      expect((await raw(nested(32))).body.decision).toBe('executed');
      expect((await refused('33 levels', nested(33)))[0].loc[0]).toBe('body');
      await refused('a bomb', '['.repeat(500_000));
      await refused('a bomb in an ignored member', `{"agent_id":"a","tool":"${tool}","ignored":${BOMB}}`);
    });

    row('0/ids', async () => {
      for (const member of ['agent_id', 'run_id', 'idempotency_key']) {
        for (const bad of ['', LONG, '😀'.repeat(257), 'a\u0001b', 'a\u007f', 'a\u0085', 7, {}, ['a'], true]) {
          expect([member, bad, (await api().run(call({ [member]: bad }))).status]).toEqual([member, bad, 422]);
        }
        const longest = '😀'.repeat(256);
        expect((await api().run(call({ [member]: longest }))).body.decision).toBe('executed');
      }
      expect((await api().get(`/v1/runs/${encodeURIComponent('😀'.repeat(256))}`)).status).toBe(200);
      for (const segment of [LONG, '%01', '%00', 'a%0Ab']) {
        expect([segment, (await wire(api(), 'GET', `/v1/runs/${segment}`)).status]).toEqual([segment, 422]);
        expect([segment, (await wire(api(), 'GET', `/v1/calls/${segment}`)).status]).toEqual([segment, 422]);
      }
    });

    row('0/agent-ids', async () => {
      for (const bad of ['a/b', 'a?b', 'a#b', 'a%b', 'a\\b', '.', '..']) {
        expect([bad, (await api().run(call({ agent_id: bad }))).status]).toEqual([bad, 422]);
        const segment = encodeURIComponent(bad).replaceAll('.', '%2E');
        expect([bad, (await wire(api(), 'GET', `/v1/policies/${segment}`)).status]).toEqual([bad, 422]);
        expect((await api().post('/v1/keys', { role: 'agent', agents: [bad] })).status).toBe(422);
        expect((await api().post('/v1/tools', { name: 'x', scope_id: `agent:${bad}` })).status).toBe(422);
      }
      expect((await api().run(call({ agent_id: '...' }))).body.decision).toBe('executed');
    });

    row('0/tool-names', async () => {
      const longest = fresh('t').padEnd(128, 'x');
      await tollgate().register(longest);
      expect((await api().run(call({ tool: longest }))).body.decision).toBe('executed');
      for (const bad of [`${longest}x`, '', 'a\u0001b', 5])
        expect((await api().run(call({ tool: bad }))).status).toBe(422);
      // A name that nobody could register is an unknown tool, and may stand in a policy's list.
      expect((await api().run(call({ tool: 'drop table; é' }))).status).toBe(404);
    });

    row('0/lists', async () => {
      const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);
      const policy = (body: object) =>
        api()
          .post(`/v1/policies/${fresh('agent')}`, body)
          .then(({ status }) => status);
      expect(await policy({ allowed_tools: names(1_000) })).toBe(201);
      expect(await policy({ allowed_tools: names(1_001) })).toBe(422);
      expect(await policy({ blocked_tools: names(1_001) })).toBe(422);
      expect(await policy({ pricing_rules: names(1_001).map((name) => ({ tool: name, price_usd: 1 })) })).toBe(422);
      expect(await policy({ max_calls_per_tool: Object.fromEntries(names(1_001).map((name) => [name, 1])) })).toBe(422);
      expect((await api().post('/v1/keys', { role: 'agent', agents: names(1_001) })).status).toBe(422);
    });

    row('0/reasons', async () => {
      const disable = (reason: unknown) => api().post(`/v1/agents/${fresh('agent')}/disable`, { reason });
      expect((await disable('😀'.repeat(256))).body.disabled_reason).toBe('😀'.repeat(256));
      for (const bad of [LONG, 5, { a: 1 }]) expect((await disable(bad)).status).toBe(422);
    });

    row('0/exact-names', async () => {
      const [lower, upper] = [fresh('agent'), fresh('AGENT')];
      await tollgate().policy(lower, { blocked_tools: [tool.toUpperCase(), ` ${tool}`, `${tool} `] });
      expect((await api().run({ agent_id: lower, tool })).body.decision).toBe('executed');
      expect((await api().run({ agent_id: lower, tool: tool.toUpperCase() })).body.decision).toBe('blocked');
      expect((await api().run({ agent_id: upper, tool: tool.toUpperCase() })).status).toBe(404);
      await api().post(`/v1/agents/${lower}/disable`);
      expect((await api().run({ agent_id: lower.toUpperCase(), tool, args: { n: 2 } })).body.decision).toBe('executed');
      // One character in two forms of Unicode is two names.
      await api().post('/v1/agents/%C3%A9/disable');
      expect((await api().run({ agent_id: 'e\u0301', tool })).body.decision).toBe('executed');
    });

    row('0/money', async () => {
      const spent = async (spend_usd: unknown) => (await api().run(call({ spend_usd }))).body.spend_usd;
      expect(await spent(0.1 + 0.2)).toBe(0.3);
      expect(await spent(1.0000004)).toBe(1);
      expect(await spent(1.0000006)).toBe(1.000001);
      expect(await spent(0.0000001)).toBe(0.000001);
      expect(await spent(1e-300)).toBe(0.000001);
      expect(await spent(0)).toBe(0);
      expect(await spent(1e9)).toBe(1e9);
      for (const bad of [-1, -1e-9, 1e9 + 1, 1_000_000_000.000001, '1', true, [1], {}]) {
        expect([bad, (await api().run(call({ spend_usd: bad }))).status]).toEqual([bad, 422]);
      }
      const agent = fresh('agent');
      expect((await api().post(`/v1/policies/${agent}`, { max_spend_usd_per_day: 0.0000001 })).body.policy).toEqual({
        max_spend_usd_per_day: 0.000001,
      });
      expect((await api().post(`/v1/policies/${agent}`, { max_spend_usd_per_day: 1e9 + 1 })).status).toBe(422);
    });

    row('0/limits', async () => {
      const calls = ['/v1/calls?', '/v1/calls?status=in_doubt&', '/v1/agents/a/logs?'];
      for (const path of calls) {
        expect((await api().get(`${path}limit=500`)).status).toBe(200);
        for (const bad of ['501', '0', '-1', '1.5', 'x', '', '1e2', '99999999999999999999', '1&limit=2']) {
          expect([path, bad, (await api().get(`${path}limit=${bad}`)).status]).toEqual([path, bad, 422]);
        }
      }
      expect((await api().get('/v1/runs/r?limit=2000&offset=0')).status).toBe(200);
      expect((await api().get('/v1/runs/r?limit=2001')).status).toBe(422);
      for (const bad of ['-1', 'x', '1.5']) {
        expect((await api().get(`/v1/runs/r?offset=${bad}`)).status).toBe(422);
        expect((await api().get(`/v1/calls?offset=${bad}`)).status).toBe(422);
      }
      expect((await api().get('/v1/calls?status=nonsense')).status).toBe(422);
    });

    row('0/no-trace', async () => {
      const events = async () => (await api().get(`/v1/calls?limit=500`)).body.length;
      const [before, rows] = [await trace(tollgate()), await events()];
      const bodies = [
        'not json',
        '',
        '[]',
        'NaN',
        BOMB,
        '{"agent_id":"a"}',
        `{"tool":"${tool}"}`,
        ...[
          'NaN',
          '1e400',
          '9007199254740993',
          '-1',
          '"\\ud800"',
          '"\\u0000"',
          '{"__proto__":1}',
          '{"a":1,"a":2}',
          BOMB,
        ].flatMap(everywhere),
        `{"agent_id":"","tool":"${tool}"}`,
        `{"agent_id":"${LONG}","tool":"${tool}"}`,
        `{"agent_id":"a","tool":"${tool}","args":[]}`,
        `{"agent_id":"a","tool":"${tool}","args":{"x":"${'x'.repeat(65_536)}"}}`,
        `{"agent_id":"a","tool":"${tool}","x":"${'x'.repeat(1_048_576)}"}`,
        `{"agent_id":"a","tool":"${tool}","key":"k"}`,
        `{"agent_id":"a","tool":"${tool}","run_id":""}`,
      ];
      // A negative number is refused as money only, and what is fine inside args is no bad input.
      const bad = bodies.filter((body) => !body.includes(':-1}]') && !body.includes('[-1]'));
      for (const body of bad)
        expect([body.slice(0, 90), (await raw(body)).status >= 413]).toEqual([body.slice(0, 90), true]);
      for (const path of ['/v1/tools', '/v1/keys', '/v1/policies/a', '/v1/agents/a/disable', '/v1/tools/x/toggle']) {
        for (const body of ['not json', '[]', '{"__proto__":1}', '{"x":1e400}', BOMB]) {
          expect([path, body.slice(0, 20), (await raw(body, path)).status]).toEqual([path, body.slice(0, 20), 422]);
        }
      }
      for (const path of [
        '/v1/agents/%ff/disable',
        '/v1/agents/a%2Fb/disable',
        '/v1/agents/./disable',
        '/v1/policies/..%2Fx',
      ]) {
        expect((await wire(api(), 'POST', path, ['Content-Length: 0'])).status).toBeGreaterThanOrEqual(404);
      }
      expect(await trace(tollgate())).toEqual(before);
      expect(await events()).toBe(rows);
    });
  });

  describe('answers', () => {
    row('0/409', async () => {
      const off = fresh('tool');
      await tollgate().register(off, { enabled: false });
      const { status, body } = await api().run(call({ tool: off }));
      expect([status, body.detail]).toMatchObject([409, { error: 'tool_disabled', message: expect.any(String) }]);
    });

    row('0/answers-json', async () => {
      const answers = [
        await api().run(call()),
        await api().get('/v1/tools'),
        await api().get('/healthz'),
        await api().get('/nothing'),
        await api().as(undefined).get('/v1/tools'),
        await raw('{'),
        await api().delete('/v1/ai/run'),
      ];
      for (const { headers } of answers) expect(headers.get('content-type')).toMatch(/^application\/json/);
    });

    row('0/bare-arrays', async () => {
      for (const path of ['/v1/tools', '/v1/policies', '/v1/keys', '/v1/calls', '/v1/agents/a/logs']) {
        expect([path, Array.isArray((await api().get(path)).body)]).toEqual([path, true]);
      }
    });

    row('0/error-shape', async () => {
      const answers = [
        await api().as(undefined).get('/v1/tools'),
        await api().get('/v1/calls/x'),
        await raw('{'),
        await api().run(call({ tool: 'unknown' })),
        await (await agentKey('a')).get('/v1/tools'),
      ];
      for (const { body } of answers) {
        expect(Object.keys(body)).toEqual(['detail']);
        if (!Array.isArray(body.detail) && typeof body.detail === 'object') {
          expect(body.detail).toMatchObject({ error: expect.any(String), message: expect.any(String) });
        }
      }
    });

    row('0/repeat', async () => {
      const agent = fresh('agent');
      const twice = async (method: string, path: string, body?: object) => {
        const [first, second] = [await api().send(method, path, { body }), await api().send(method, path, { body })];
        expect(first.status).toBeLessThan(300);
        expect([path, second.status, second.body]).toEqual([path, first.status, first.body]);
      };
      const name = fresh('tool');
      await twice('POST', `/v1/policies/${agent}`, { allowed_tools: [name], max_actions_per_hour: 5 });
      await twice('PUT', `/v1/policies/${agent}`, { blocked_tools: [name] });
      await twice('POST', '/v1/tools', {
        name,
        url: tollgate().tool.url('x'),
        auth: { type: 'hmac_sha256', secret: 'secret-secret' },
      });
      await twice('POST', `/v1/tools/${name}/toggle`, { enabled: false });
      await twice('DELETE', `/v1/tools/${name}`);
      await twice('POST', `/v1/agents/${agent}/enable`);
      // The kill switch answers when nothing of the agent is on its way any more: asked again, that is later.
      const [off, again] = [
        await api().post(`/v1/agents/${agent}/disable`),
        await api().post(`/v1/agents/${agent}/disable`),
      ];
      expect({ ...again.body, disabled_at: '' }).toEqual({ ...off.body, disabled_at: '' });
      const { id } = (await api().post('/v1/keys', { role: 'admin' })).body;
      await twice('DELETE', `/v1/keys/${id}`);
    });

    row('0/request-id', async () => {
      const idOf = async (sent?: string, path = '/v1/tools') =>
        (await api().get(path, { headers: sent === undefined ? {} : { 'x-request-id': sent } })).headers.get(
          'x-request-id',
        );
      expect(await idOf('abc!~"123')).toBe('abc!~"123');
      expect(await idOf('x'.repeat(128))).toBe('x'.repeat(128));
      for (const bad of [undefined, 'x'.repeat(129), 'a b', 'é', ''])
        expect(await idOf(bad)).toMatch(/^req_[A-Za-z0-9_-]{8,}$/);
      for (const path of ['/healthz', '/nothing', '/v1/ai/run', '/v1/calls/x', '/v1/calls?limit=x', '/v1/runs/%ff']) {
        expect([path, await idOf('mine', path)]).toEqual([path, 'mine']);
      }
      expect(
        (
          await api()
            .as(undefined)
            .get('/v1/tools', { headers: { 'x-request-id': 'mine' } })
        ).headers.get('x-request-id'),
      ).toBe('mine');
      expect(
        (await api().send('POST', '/v1/ai/run', { raw: '{', headers: { 'x-request-id': 'mine' } })).headers.get(
          'x-request-id',
        ),
      ).toBe('mine');
    });

    row('0/times', async () => {
      const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
      const agent = fresh('agent');
      const answer = (await api().run({ agent_id: agent, tool })).body;
      expect((await api().get(`/v1/tools/${tool}`)).body).toMatchObject({
        created_at: expect.stringMatching(ISO),
        updated_at: expect.stringMatching(ISO),
      });
      expect((await api().post(`/v1/policies/${agent}`, {})).body.updated_at).toMatch(ISO);
      const expiresAt = '2099-01-02T03:04:05+02:00';
      const key = (await api().post('/v1/keys', { role: 'admin', expires_at: expiresAt })).body;
      expect(key).toMatchObject({ created_at: expect.stringMatching(ISO), expires_at: '2099-01-02T01:04:05.000Z' });
      expect((await api().post(`/v1/agents/${agent}/disable`)).body.disabled_at).toMatch(ISO);
      const [log] = (await api().get(`/v1/agents/${agent}/logs`)).body;
      expect(Number.isInteger(log.ts)).toBe(true);
      const now = Date.now() / 1000;
      expect(Math.abs(log.ts - now)).toBeLessThan(60);
      const { events } = (await api().get(`/v1/runs/${answer.run_id}`)).body;
      expect(events.some(({ ts }: Json) => !Number.isInteger(ts))).toBe(true);
      for (const { ts } of events) expect(Math.abs(ts - now)).toBeLessThan(60);
    });
  });
});
