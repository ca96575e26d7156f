import { execFileSync } from 'node:child_process';
import { cli, Installation } from '../harness/index.js';

interface Tenant {
  readonly id: string;
  readonly name: string;
}

describe('tollgate admin, beside a running installation', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start();
  });
  afterAll(() => tollgate.stop());

  it('makes a tenant with an admin key that works at once, and lists it', async () => {
    const made = await cli<Tenant & { admin_key: { key: string } }>(tollgate, 'admin', 'tenant', 'create', 'acme');
    expect((await tollgate.api.as(made.admin_key.key).get('/v1/keys')).status).toBe(200);
    const listed = await cli<Tenant[]>(tollgate, 'admin', 'tenant', 'list');
    expect(listed.map(({ name }) => name)).toEqual(['default', 'acme']);
  });

  it('gives a tenant another admin key: the way back in when the last one is lost', async () => {
    const { id } = await cli<Tenant>(tollgate, 'admin', 'tenant', 'create', 'lost');
    const { key } = await cli<{ key: string }>(tollgate, 'admin', 'key', 'create', id, '--name', 'second');
    const keys = await tollgate.api.as(key).get('/v1/keys');
    expect(keys.body.map((one: { name: string }) => one.name).sort()).toEqual(['admin', 'second']);
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
  });
});
