import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fresh } from '../../contract/installed.js';
import { CommandLine } from '../../harness/index.js';
import type { Administrator } from './administrator.js';

export function administration(admin: Administrator): void {
  const { tollgate, file, type, json, done, registered } = admin;

  it('keys create | list | revoke: a key works until it is revoked, and is shown once or never', async () => {
    const agent = fresh('agent');
    const made = await json('keys', 'create', 'agent', '--agent', agent, '--name', 'of a test');
    expect(made).toMatchObject({ key: expect.stringMatching(/^tg_live_/), role: 'agent', agents: [agent] });
    expect(await done('keys', 'list')).toMatch(new RegExp(`${made.id} +agent +${agent} +of a test`));
    const saved = await done('keys', 'create', 'agent', '--agent', agent, '--save', 'agent.key');
    expect(saved).not.toContain('tg_live_');
    expect(statSync(join(admin.folder, 'agent.key')).mode & 0o777).toBe(0o600);
    expect((await type('lock', fresh('key'), '--key-file', 'agent.key')).code).toBe(0);
    expect(await type('keys', 'create', 'admin', '--save', 'agent.key')).toMatchObject({ code: 2, out: '' });

    expect(await done('keys', 'revoke', made.id)).toBe(`revoked ${made.id}\n`);
    const refused = await CommandLine.of(tollgate().api.as(made.key), admin.folder).type('lock', 'k', '--json');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Invalid API key (403)') });
    expect(JSON.parse(refused.out)).toEqual({ detail: 'Invalid API key' });
  });

  it('policy set | get | template | test: a file is the policy, and what it would say', async () => {
    const [agent, tool] = [fresh('agent'), await registered()];
    file('policy.yaml', `allowed_tools: [${tool}]\nmax_spend_usd_per_day: 5 # dollars\n`);
    const stored = await done('policy', 'set', agent, 'policy.yaml');
    expect(stored).toContain(`# ${agent}, version 1`);
    expect(await done('policy', 'get', agent)).toBe(stored);
    expect((await type('policy', 'test', agent, tool, '--spend-usd', '6')).code).toBe(4);
    expect((await admin.typeInto('{"max_spend_usd_per_day": 7}', 'policy', 'set', agent, '-', '--merge')).code).toBe(0);
    expect(await done('policy', 'test', agent, tool, '--spend-usd', '6')).toContain('dry_run: ok');
    expect(
      (await type('policy', 'test', agent, tool, '--policy', file('none.json', '{"allowed_tools":["x"]}'))).code,
    ).toBe(4);
    expect(await done('policy', 'template', agent, 'strict', '--with', 'policy.yaml')).toContain(
      'max_actions_per_hour: 50',
    );
    expect((await json('policy', 'get', agent)).policy).toMatchObject({
      allowed_tools: [tool],
      max_spend_usd_per_day: 5,
    });
    await done('policy', 'set', agent, file('empty.json', '{}'));
    expect(await done('policy', 'get')).toContain(`# ${agent}, version 4`);
    expect(await type('policy', 'set', agent, 'nowhere.yaml')).toMatchObject({ code: 2, out: '' });
  });

  it('tools register | list | get | disable | enable | delete, and another secret with an overlap', async () => {
    const tool = await registered('--on-unknown', 'reconcile', '--reconcile-url', tollgate().tool.url('known'));
    expect(await done('tools', 'list')).toMatch(new RegExp(`${tool} +global +enabled +reconcile +1 d`));
    file('next.secret', 'the-secret-that-comes-next');
    const rotated = await json('tools', 'register', tool, '--secret-file', 'next.secret', '--overlap-sec', '3600');
    expect(Date.parse(rotated.previous_secret_until)).toBeGreaterThan(Date.now() + 3_000_000);
    expect(await done('tools', 'get', tool)).toContain(rotated.previous_secret_id);
    expect(await done('tools', 'disable', tool)).toBe(`disabled ${tool}\n`);
    expect(await type('run', fresh('agent'), tool)).toMatchObject({
      code: 1,
      err: expect.stringContaining('tool_disabled'),
    });
    await done('tools', 'enable', tool);
    expect((await type('run', fresh('agent'), tool)).code).toBe(0);
    await done('tools', 'register', tool, '--from', file('tool.yaml', 'timeout_ms: 500'), '--max-retries', '0');
    expect(await json('tools', 'get', tool)).toMatchObject({
      timeout_ms: 500,
      max_retries: 0,
      on_unknown: 'reconcile',
    });
    await done('tools', 'delete', tool);
    expect(await type('tools', 'get', tool)).toMatchObject({ code: 1, err: expect.stringContaining('tool_not_found') });
  });
}
