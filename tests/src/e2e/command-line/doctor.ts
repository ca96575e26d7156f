import { fresh } from '../../contract/installed.js';
import { createTenant } from '../../contract/tenant.js';
import { CommandLine, newTenant } from '../../harness/index.js';
import type { Administrator } from './administrator.js';

export function doctor(admin: Administrator): void {
  const { tollgate, file } = admin;

  it('doctor: says what to mend until it is mended', async () => {
    const { api } = await newTenant(tollgate(), fresh('tenant'));
    const owner = CommandLine.of(api, admin.folder);
    const tool = fresh('tool');
    await tollgate().register(tool, {}, api);
    await owner.type('run', 'billing', tool);
    const unsafe = await owner.type('doctor');
    expect(unsafe).toMatchObject({ code: 1, err: '' });
    expect(unsafe.out).toMatch(/note +durability +one copy of each journal/);
    expect(unsafe.out).toMatch(/mend +keys +billing has called, and no agent key speaks for it/);
    expect(unsafe.out).toMatch(/mend +agents +billing is open/);

    await owner.type('keys', 'create', 'agent', '--agent', 'billing', '--save', 'billing.key');
    await owner.type(
      'policy',
      'template',
      'billing',
      'strict',
      '--with',
      file('tools.yaml', `allowed_tools: [${tool}]`),
    );
    expect(await owner.type('doctor')).toMatchObject({ code: 0, out: expect.stringContaining('nothing to mend') });
    const findings = await owner.json('doctor');
    expect(findings).toMatchObject({
      ok: true,
      findings: expect.arrayContaining([{ check: 'calls', level: 'ok', what: 'none in doubt' }]),
    });
    expect(await owner.type('doctor', '--key-file', 'billing.key')).toMatchObject({
      code: 0,
      out: expect.stringContaining('an agent key'),
    });
    expect(await CommandLine.of(api.as('tg_live_x'), admin.folder).type('doctor')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/mend +key +Invalid/),
    });
  });

  const TRIMMED = { code: 0, out: expect.stringMatching(/note +policies +the plan free takes no caps/) };
  const UNCAPPED = { code: 1, out: expect.stringMatching(/mend +policies +billing has no cap on its spend/) };
  it.each([
    ['free', 'global', TRIMMED],
    ['free', 'agent:billing', TRIMMED],
    ['pro', 'agent:billing', UNCAPPED],
  ])('doctor: asks for no caps where the plan trims them: %s, by a tool of scope %s', async (plan, scope_id, end) => {
    const { api } = await createTenant(tollgate(), fresh('tenant'), plan);
    const owner = CommandLine.of(api, admin.folder);
    const tool = fresh('tool');
    await tollgate().register(tool, { scope_id }, api);
    const policy = file('capped.yaml', `allowed_tools: [${tool}]\nmax_actions_per_hour: 5\n`);
    expect((await owner.type('policy', 'set', 'billing', policy)).out.includes('max_actions_per_hour')).toBe(
      plan !== 'free',
    );
    await owner.type('keys', 'create', 'agent', '--agent', 'billing', '--save', `${tool}.key`);
    expect((await owner.type('run', 'billing', tool)).code).toBe(0);
    expect(await owner.type('doctor')).toMatchObject(end);
  });
}
