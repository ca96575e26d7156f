import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { LAUNCHER } from '@tollgate/infra';
import { parkCall } from '../record/parked-call.js';
import { codeBlock, pageText } from './code-blocks.js';
import type { Guide } from './guide.js';
import type { Env } from './run-file.js';

/** They start what a person has, in the checkout; the launcher's own specs start it elsewhere. */
const NOT_RUN = ['start.sh', 'own-servers.sh', 'traces.sh'];
/** Run by backup.e2e.spec.ts and by record/restored.e2e.spec.ts. */
const BACKUP = ['backup.sh', 'restore.sh', 'dump.sh', 'load.sh'];

export interface Operator {
  /** How the command line reaches the installation's servers, and where the file of sealing keys is. */
  readonly around: () => Promise<Env>;
  readonly keyFile: string;
}

export function operations(guide: Guide, { around, keyFile }: Operator): void {
  const { tollgate } = guide;
  const run = async (name: string, env: Env = {}): Promise<string> => {
    const { code, output } = await guide.run(name, { ...(await around()), ...env });
    expect([name, code]).toEqual([name, 0]);
    return output;
  };

  it('shows what the installation has, and makes a tenant of it', async () => {
    await tollgate().register('echo');
    await tollgate().api.run({ agent_id: 'a', tool: 'echo' });
    const { callId } = await parkCall(tollgate(), 'neither');
    const output = await run('installation.sh');
    for (const said of ['name: acme', '"name": "acme"', 'tenant: default', `call_id: ${callId}`, 'stage: budget']) {
      expect(output).toContain(said);
    }
    for (const said of ['projection: decisions', 'role: seals', 'npx tollgate admin projections rebuild']) {
      expect(output).toContain(said);
    }
    const [[TENANT = ''] = [], [key = ''] = []] = [
      /tenant_[\w-]+/.exec(output) ?? [],
      /tg_live_\S+/.exec(output) ?? [],
    ];
    await run('tenant.sh', { TENANT });
    const { body } = await tollgate().api.as(key).get('/v1/me');
    expect(body).toMatchObject({ plan: 'pro', email: 'ops@example.com' });
  });

  it('has another sealing key in front, and seals with it after a restart', async () => {
    const keys = async () => (await readFile(keyFile, 'utf8')).trim().split('\n');
    const before = await keys();
    await run('rotate.sh');
    expect((await keys()).slice(1)).toEqual(before);
    await tollgate().processesStopped();
    await tollgate().startProcess('all');
    await tollgate().ready();
    const [id = ''] = (await keys())[0]?.split(':') ?? [];
    expect(await run('reseal.sh')).toMatch(new RegExp(`^resealed: 1\n[^]*key: ${id}\nrole: seals\n[^]*may_go: `));
    expect((await tollgate().api.run({ agent_id: 'a', tool: 'echo' })).body.decision).toBe('dedup');
  });

  it('names options and variables of npm start that there are', () => {
    const [node, launcher] = LAUNCHER;
    const { stdout: help } = spawnSync(node, [launcher, '--help'], { encoding: 'utf8' });
    for (const name of NOT_RUN) {
      guide.name(name);
      const block = codeBlock(guide.page, name);
      for (const [option] of block.matchAll(/--[a-z]+/g)) expect(help).toContain(option);
      for (const [variable] of block.matchAll(/^[A-Z_]+(?==)/gm)) {
        expect(help + pageText('settings.md')).toContain(variable);
      }
    }
    for (const name of BACKUP) guide.name(name);
  });

  guide.everyBlockIsRun();
}
