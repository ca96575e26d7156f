import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { row } from './row.js';

const SECRET = 'a-secret-of-the-registry-xyz';

describe('contract 6, the registry of tools', () => {
  const tollgate = installed();
  const api = () => tollgate().api;
  const auth = { type: 'hmac_sha256', secret: SECRET };
  const created = (name: string, more: object = {}) =>
    api().post('/v1/tools', { name, url: tollgate().tool.url(name), auth, ...more });

  row('6/defaults', async () => {
    const name = fresh('tool');
    const { status, body } = await created(name);
    // Every member and no other: the secret is none of them, not even sealed.
    expect([status, body]).toEqual([
      201,
      {
        name,
        scope_id: 'global',
        url: tollgate().tool.url(name),
        timeout_ms: 15_000,
        max_retries: 2,
        enabled: true,
        on_unknown: 'hold',
        dedup_window_sec: 86_400,
        run_id_is_argument: false,
        server_error_is: 'failed',
        description: null,
        reconcile_url: null,
        has_secret: true,
        secret_id: expect.any(String),
        secret_mask: '***xyz',
        previous_secret_id: null,
        previous_secret_until: null,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
    expect(body.created_at).toBe(body.updated_at);
    const full = {
      scope_id: 'agent:a1',
      timeout_ms: 250,
      max_retries: 0,
      enabled: false,
      description: 'what it does',
      on_unknown: 'retry',
      dedup_window_sec: 0,
      run_id_is_argument: true,
      server_error_is: 'unknown',
    };
    expect((await created(name, full)).body).toMatchObject(full);
    expect((await api().get(`/v1/tools/${name}?scope_id=agent:a1`)).body).toMatchObject(full);
  });

  row('6/members', async () => {
    const name = fresh('tool');
    const bad = {
      name: ['', 'a b', 'a/b', 'é', 'x'.repeat(129), 5, undefined],
      scope_id: ['', 'Global', 'agent:', 'agent:a/b', 'tenant:x', 5],
      url: ['', 5, 'text', '/path'],
      auth: [
        {},
        { type: 'hmac_sha256' },
        { type: 'none', secret: SECRET },
        { type: 'hmac_sha256', secret: 'short77' },
        { type: 'hmac_sha256', secret: 5 },
        'text',
      ],
      timeout_ms: [249, 120_001, 1_000.5, '1000', true],
      max_retries: [-1, 11, 1.5, '1'],
      enabled: ['yes', 1],
      description: ['x'.repeat(513), 5],
      on_unknown: ['guess', 5],
      dedup_window_sec: [-1, 2_592_001, 0.5],
      run_id_is_argument: ['yes', 0],
      server_error_is: ['fine', 5],
    };
    for (const [member, values] of Object.entries(bad)) {
      for (const value of values) {
        const { status, body } = await created(name, { [member]: value });
        expect([member, value, status, body.detail[0]?.loc?.slice(0, 2)]).toEqual([
          member,
          value,
          422,
          ['body', member],
        ]);
      }
    }
    expect((await api().get(`/v1/tools/${name}`)).status).toBe(404);
    const widest = { timeout_ms: 120_000, max_retries: 10, description: 'x'.repeat(512), dedup_window_sec: 2_592_000 };
    expect((await created(`${name}:a-Z_0.9`, widest)).status).toBe(201);
    for (const bad of [{}, { enabled: 'no' }, { enabled: 1 }]) {
      expect((await api().post(`/v1/tools/${name}/toggle`, bad)).status).toBe(422);
    }
  });

  row('6/secret', async () => {
    const mask = async (secret: string) =>
      (await created(fresh('tool'), { auth: { ...auth, secret } })).body.secret_mask;
    expect(await mask('1234567890123abc')).toBe('***abc');
    expect(await mask('123456789012345')).toBe('***');
    expect(await mask('12345678')).toBe('***');
    const name = fresh('tool');
    const first = await created(name);
    const answers = [
      first,
      await created(name),
      await api().get('/v1/tools?scope_id=all'),
      await api().get(`/v1/tools/${name}`),
      await api().post(`/v1/tools/${name}/toggle`, { enabled: true }),
    ];
    for (const { body } of answers) expect(JSON.stringify(body)).not.toContain(SECRET);
    expect(first.body).not.toHaveProperty('auth');
    // Random, so that it says nothing of the secret: another tool with the same one has another id.
    const other = (await created(fresh('tool'))).body;
    expect(other.secret_id).not.toBe(first.body.secret_id);
    const changed = (await created(name, { auth: { ...auth, secret: `${SECRET}-2` } })).body;
    expect(changed.secret_id).not.toBe(first.body.secret_id);
  });

  row('6/upsert', async () => {
    const name = fresh('tool');
    const members = {
      timeout_ms: 999,
      max_retries: 7,
      enabled: false,
      description: 'd',
      on_unknown: 'fail',
      dedup_window_sec: 5,
      run_id_is_argument: true,
      server_error_is: 'unknown',
    };
    let known = (await created(name, members)).body;
    expect(known).toMatchObject(members);
    const changes = { timeout_ms: 1_000, max_retries: 1, description: 'e', url: 'http://example.com/', enabled: true };
    for (const [member, value] of Object.entries(changes)) {
      const { status, body } = await api().post('/v1/tools', { name, [member]: value });
      expect([status, body]).toEqual([201, { ...known, [member]: value, updated_at: body.updated_at }]);
      expect(body.updated_at > known.updated_at).toBe(true);
      known = body;
    }
    expect((await created(name, { scope_id: 'agent:a1' })).body).toMatchObject({ timeout_ms: 15_000, max_retries: 2 });
    expect((await api().get(`/v1/tools/${name}`)).body).toEqual(known);
  });

  row('6/creation', async () => {
    const name = fresh('tool');
    const missing = async (body: object) => (await api().post('/v1/tools', body)).body.detail[0];
    expect(await missing({ name, url: tollgate().tool.url(name) })).toMatchObject({
      type: 'missing',
      loc: ['body', 'auth'],
    });
    expect(await missing({ name, auth })).toMatchObject({ type: 'missing', loc: ['body', 'url'] });
    expect(await missing({ url: tollgate().tool.url(name), auth })).toMatchObject({
      type: 'missing',
      loc: ['body', 'name'],
    });
    // A deleted tool is made anew, its old secret is gone.
    await created(name, { timeout_ms: 999 });
    await api().delete(`/v1/tools/${name}`);
    expect(await missing({ name, url: tollgate().tool.url(name) })).toMatchObject({
      type: 'missing',
      loc: ['body', 'auth'],
    });
    expect((await created(name)).body.timeout_ms).toBe(15_000);
  });

  row('6/list', async () => {
    const name = fresh('tool');
    const agent = fresh('agent');
    await created(name);
    await created(name, { scope_id: `agent:${agent}` });
    const scopes = async (query: string) =>
      (await api().get(`/v1/tools${query}`)).body
        .filter((tool: Json) => tool.name === name)
        .map(({ scope_id }: Json) => scope_id);
    expect(await scopes('')).toEqual(['global']);
    expect(await scopes('?scope_id=global')).toEqual(['global']);
    expect(await scopes(`?scope_id=agent:${agent}`)).toEqual([`agent:${agent}`]);
    expect((await scopes('?scope_id=all')).sort()).toEqual([`agent:${agent}`, 'global']);
    expect((await api().get('/v1/tools?scope_id=nonsense')).status).toBe(422);
  });

  row('6/one', async () => {
    const name = fresh('tool');
    const { body } = await created(name);
    expect((await api().get(`/v1/tools/${name}`)).body).toEqual(body);
    for (const path of [`${name}?scope_id=agent:a`, 'nobody', name.toUpperCase()]) {
      expect(await api().get(`/v1/tools/${path}`)).toMatchObject({
        status: 404,
        body: { detail: { error: 'tool_not_found' } },
      });
    }
  });

  row('6/toggle', async () => {
    const name = fresh('tool');
    const agent_id = fresh('agent');
    await created(name);
    await created(name, { scope_id: `agent:${agent_id}` });
    expect(await api().post(`/v1/tools/${name}/toggle?scope_id=agent:${agent_id}`, { enabled: false })).toMatchObject({
      status: 200,
      body: { name, enabled: false },
    });
    expect((await api().get(`/v1/tools/${name}?scope_id=agent:${agent_id}`)).body.enabled).toBe(false);
    expect((await api().get(`/v1/tools/${name}`)).body.enabled).toBe(true);
    expect((await api().run({ agent_id, tool: name })).status).toBe(409);
    expect((await api().post(`/v1/tools/${name}/toggle?scope_id=agent:${agent_id}`, { enabled: true })).body).toEqual({
      name,
      enabled: true,
    });
    expect((await api().run({ agent_id, tool: name })).body.decision).toBe('executed');
  });

  row('6/delete', async () => {
    const name = fresh('tool');
    const agent_id = fresh('agent');
    await created(name);
    await created(name, { scope_id: `agent:${agent_id}` });
    expect(await api().delete(`/v1/tools/${name}?scope_id=agent:${agent_id}`)).toMatchObject({
      status: 200,
      body: { ok: true, deleted: name, scope_id: `agent:${agent_id}` },
    });
    expect((await api().run({ agent_id, tool: name })).body.decision).toBe('executed');
    expect((await api().delete(`/v1/tools/${name}`)).body).toEqual({ ok: true, deleted: name, scope_id: 'global' });
    expect((await api().get(`/v1/tools/${name}`)).status).toBe(404);
    expect((await api().run({ agent_id, tool: name, args: { n: 2 } })).status).toBe(404);
    expect((await api().get('/v1/tools?scope_id=all')).body.map((tool: Json) => tool.name)).not.toContain(name);
  });

  row('6/url', async () => {
    const name = fresh('tool');
    const status = async (url: string) => (await created(name, { url })).status;
    for (const url of [
      'ftp://example.com/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'example.com',
      '//example.com/',
      'http://',
      'http:///',
      'http://user@example.com/',
      'http://user:pass@example.com/',
      'http://:pass@example.com/',
      'http://@example.com/',
      `https://example.com/${'x'.repeat(2_048)}`,
      'http://exa mple.com/',
      'http://[::1',
      'http://example.com:99999/',
      'http://a\u0001b/',
    ]) {
      expect([url, await status(url)]).toEqual([url, 422]);
    }
    for (const url of [
      'http://example.com',
      'HTTPS://example.com:8443/a?b=c',
      `https://example.com/${'x'.repeat(2_028)}`,
    ]) {
      expect([url, await status(url)]).toEqual([url, 201]);
    }
  });
});
