import { execFileSync } from 'node:child_process';
import { cli, eventually, Installation } from '../harness/index.js';

interface Tenant {
  readonly id: string;
  readonly name: string;
}

interface NewKey {
  readonly key: string;
  readonly in_force: boolean;
}

describe('tollgate admin, beside a running installation', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start();
  });
  afterAll(() => tollgate.stop());

  it('makes a tenant with an admin key that works at once, and lists it', async () => {
    const { admin_key } = await cli<Tenant & { admin_key: NewKey }>(tollgate, 'admin', 'tenant', 'create', 'acme');
    expect(admin_key.in_force).toBe(true);
    const api = tollgate.api.as(admin_key.key);
    const answers = [await api.post('/v1/ai/lease', { key: 'k' }), await api.get('/v1/keys')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const listed = await cli<Tenant[]>(tollgate, 'admin', 'tenant', 'list');
    expect(listed.map(({ name }) => name)).toEqual(['default', 'acme']);
  });

  it('gives a tenant another admin key: the way back in when the last one is lost', async () => {
    const { id } = await cli<Tenant>(tollgate, 'admin', 'tenant', 'create', 'lost');
    const { key, in_force } = await cli<NewKey>(tollgate, 'admin', 'key', 'create', id, '--name', 'second');
    expect(in_force).toBe(true);
    const keys = await tollgate.api.as(key).get('/v1/keys');
    expect(keys.body.map((one: { name: string }) => one.name).sort()).toEqual(['admin', 'second']);
  });

  it('changes the mail address of a tenant, which GET /v1/me shows', async () => {
    const email = async () => (await tollgate.api.get('/v1/me')).body.email as string | null;
    await cli(tollgate, 'admin', 'tenant', 'email', 'default', 'ops@example.com');
    expect(await email()).toBe('ops@example.com');
    await tollgate.api.post('/v1/me/notifications', { tool_error_notifications_enabled: true });
    expect(await email()).toBe('ops@example.com');
    const [listed] = await cli<{ email?: string }[]>(tollgate, 'admin', 'tenant', 'list');
    expect(listed?.email).toBe('ops@example.com');
    await cli(tollgate, 'admin', 'tenant', 'email', 'default', 'none');
    expect(await email()).toBeNull();
    expect((await tollgate.api.get('/v1/me')).body.tool_error_notifications_enabled).toBe(true);
    await expect(cli(tollgate, 'admin', 'tenant', 'email', 'default', 'nobody')).rejects.toThrow(
      'this is no mail address',
    );
  });

  it('tells who owns each partition of each stage, and who has fallen silent', async () => {
    interface Listed {
      readonly stage: string;
      readonly state: string;
      readonly owner: string;
      readonly tenants: number;
      readonly journal: { readonly messages: number };
    }
    const list = () => cli<Listed[]>(tollgate, 'admin', 'partitions', 'list');
    const listed = await list();
    expect(listed.map(({ stage, state }) => [stage, state])).toEqual(
      ['policy', 'lease', 'budget', 'dispatch'].map((stage) => [stage, 'owned']),
    );
    const [process] = tollgate.processes;
    const { instance } = JSON.parse(process!.lines[0]!) as { instance: string };
    expect(listed.every(({ owner }) => owner.includes(instance))).toBe(true);
    expect(listed.every(({ tenants, journal }) => tenants >= 1 && journal.messages > 0)).toBe(true);
    process!.signal('SIGSTOP');
    try {
      expect((await list()).map(({ state }) => state)).toEqual(listed.map(() => 'silent'));
    } finally {
      process!.signal('SIGCONT');
    }
    await tollgate.ready();
  });

  it('says of a new key that it is not in force yet where stages do not answer', async () => {
    const [process] = tollgate.processes;
    process!.signal('SIGSTOP');
    const made = await cli<NewKey>(tollgate, 'admin', 'key', 'create', 'default').finally(() => {
      process!.signal('SIGCONT');
    });
    expect(made.in_force).toBe(false);
    await tollgate.ready();
    expect((await tollgate.api.as(made.key).get('/v1/keys')).status).toBe(200);
  });

  describe('projections', () => {
    interface Projection {
      readonly projection: string;
      readonly source: string;
      readonly state: string;
      readonly behind: number;
    }
    const list = () => cli<Projection[]>(tollgate, 'admin', 'projections', 'list');
    const haveCaughtUp = () =>
      eventually('they have caught up', async () => (await list()).every(({ behind }) => behind === 0), 20_000, 300);
    const rebuilt = (what: string) => cli<object>(tollgate, 'admin', 'projections', 'rebuild', what);
    /** What Postgres and Redis tell. */
    async function told(): Promise<unknown> {
      const paths = [
        'agents/a/logs',
        'runs/r',
        'runs',
        'usage/all',
        'me',
        'events',
        'ai/result?key=k',
        'ai/status?key=k',
      ];
      const answers = await Promise.all(paths.map((path) => tollgate.api.get(`/v1/${path}`)));
      return answers.map(({ status, headers, body }) => [status, headers.get('x-tollgate-lag'), body as unknown]);
    }

    beforeAll(async () => {
      const { api } = tollgate;
      await tollgate.register('echo');
      for (const n of [1, 2, 2]) await api.run({ agent_id: 'a', tool: 'echo', run_id: 'r', args: { n } });
      await api.post('/v1/check-lock', { key: 'k' });
      await api.post('/v1/check-lock', { key: 'k' });
      const { lease_id } = (await api.post('/v1/ai/lease', { key: 'k' })).body as { lease_id: string };
      await api.post('/v1/ai/complete', { key: 'k', lease_id, result: { done: true } });
      await api.post('/v1/events', { run_id: 'r', type: 'step', message: 'of a client' });
    });

    it('are listed, each with how far it is behind each of its sources', async () => {
      await haveCaughtUp();
      const listed = await list();
      expect([...new Set(listed.map(({ projection }) => projection))].sort()).toEqual([
        'decisions',
        'postgres',
        'redis',
        'tasks',
      ]);
      expect(listed.every(({ state }) => state === 'following')).toBe(true);
      expect(listed.find(({ projection, source }) => projection === 'tasks' && source === 'LEASE-0')).toBeDefined();
    });

    it.each(['postgres', 'redis'])('%s is made anew, and tells what it told', async (what) => {
      await haveCaughtUp();
      const before = await told();
      expect(await rebuilt(what)).toEqual({ projection: what, since: 'everything' });
      await haveCaughtUp();
      expect(await told()).toEqual(before);
    });
  });

  it('ends with 1 where Postgres refuses it, and with 3 where Postgres does not answer', async () => {
    const otherwise = (change: Partial<URL>) => {
      const DATABASE_URL = Object.assign(new URL(tollgate.postgres.url), change).href;
      return cli(tollgate, 'admin', 'parked', 'list', { DATABASE_URL });
    };
    const refused = { code: 1, stdout: '', stderr: expect.stringContaining('Postgres refuses DATABASE_URL') };
    await expect(otherwise({ password: 'wrong' })).rejects.toMatchObject(refused);
    await expect(otherwise({ password: '' })).rejects.toMatchObject(refused);
    await expect(otherwise({ pathname: '/nowhere' })).rejects.toMatchObject(refused);
    tollgate.postgres.process.kill('SIGSTOP');
    try {
      const away = { code: 3, stdout: '', stderr: expect.stringContaining('Postgres cannot be reached') };
      await expect(otherwise({})).rejects.toMatchObject(away);
    } finally {
      tollgate.postgres.process.kill('SIGCONT');
    }
  });

  it('says what is wrong with a call of it, and how it is meant', () => {
    const failing = (...args: string[]) => {
      try {
        execFileSync(process.execPath, ['cli/bin/tollgate.mjs', ...args], { stdio: 'pipe' });
      } catch (error) {
        return error as { status: number; stderr: Buffer };
      }
      throw new Error('did not fail');
    };
    const wrong = failing('admin', 'tenant', 'destroy');
    expect(wrong.status).toBe(2);
    expect(String(wrong.stderr)).toContain('npx tollgate admin tenant create <name>');
    const unknown = failing('admin', 'projections', 'rebuild', 'everything');
    expect(unknown.status).toBe(2);
    expect(String(unknown.stderr)).toContain('takes postgres|redis');
  });
});
