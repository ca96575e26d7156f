import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@tollgate/infra/servers';
import { Api, CommandLine, eventually } from '../harness/index.js';
import { codeBlock, DOCS } from './code-blocks.js';

const LAUNCHER = join(DOCS, '../infra/dist/launcher-main.js');

/** docs/operations.md, backups: the blocks for an installation of `npm start`. */
describe('an npm start that is backed up, lost and restored', () => {
  let folder: string;
  let elsewhere: string;
  let port: number;
  let launcher: ChildProcess | undefined;
  let said = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-backup-'));
    await chmod(folder, 0o711); // Postgres may run as another account.
    elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    port = await freePort();
  });
  afterAll(async () => {
    await stopped();
    await rm(folder, { recursive: true, force: true });
  });

  async function started(): Promise<void> {
    said = '';
    const env = { PATH: process.env['PATH'], PORT: String(port) };
    const child = spawn(process.execPath, [LAUNCHER, '--data', join(folder, '.tollgate')], { env, stdio: 'pipe' });
    launcher = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    await eventually('it is ready', () => said.includes('Tollgate is ready') || child.exitCode !== null, 60_000);
    expect([child.exitCode, said]).toEqual([null, expect.stringContaining('Tollgate is ready')]);
  }
  async function stopped(): Promise<void> {
    if (launcher === undefined || launcher.exitCode !== null) return;
    const exit = once(launcher, 'exit');
    launcher.kill('SIGTERM');
    await exit;
  }
  const shell = (line: string) => new CommandLine(folder, { ELSEWHERE: elsewhere }).shell(line);
  const block = async (name: string): Promise<void> => {
    expect([name, await shell(codeBlock('operations.md', name))]).toEqual([name, { code: 0, out: '', err: '' }]);
  };
  const pasted = async (curl: string) => JSON.parse((await shell(curl)).out) as Record<string, unknown>;

  it('knows its keys, its calls and its record, and signs as before', async () => {
    await started();
    const [, curl = ''] = /^(curl [^]*?\}')$/m.exec(said) ?? [];
    const [, adminKey = ''] = /admin key {3}(tg_live_\S+)/.exec(said) ?? [];
    const first = await pasted(curl);
    expect(first['decision']).toBe('executed');
    await stopped();
    await block('backup.sh');
    await rm(join(folder, '.tollgate'), { recursive: true });
    await block('restore.sh');
    await started();
    expect(said).not.toContain('admin key');
    expect(await pasted(curl)).toMatchObject({ decision: 'dedup', result: first['result'] });
    expect(await pasted(curl.replace('cus_42', 'cus_43'))).toMatchObject({ decision: 'executed' });
    const api = new Api(`http://127.0.0.1:${port}`, adminKey);
    const { body } = await api.get(`/v1/runs/${first['run_id'] as string}`);
    expect(body.events.at(-1)).toMatchObject({ type: 'run_finished', status: 'executed' });
  }, 120_000);
});
