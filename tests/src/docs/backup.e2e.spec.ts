import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, Launched } from '@tollgate/infra';
import { Api, CommandLine } from '../harness/index.js';
import { codeBlock } from './code-blocks.js';

/** docs/operations.md, backups: the blocks for an installation of `npm start`. */
describe('an npm start that is backed up, lost and restored', () => {
  let folder: string;
  let elsewhere: string;
  let port: number;
  let launcher: Launched | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-backup-'));
    await chmod(folder, 0o711); // Postgres may run as another account.
    elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    port = await freePort();
  });
  afterAll(async () => {
    await launcher?.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  const started = (): Promise<Launched> => {
    launcher = new Launched({ data: join(folder, '.tollgate'), port });
    return launcher.ready();
  };
  const shell = (line: string) => new CommandLine(folder, { ELSEWHERE: elsewhere }).shell(line);
  const block = async (name: string): Promise<void> => {
    expect([name, await shell(codeBlock('operations.md', name))]).toEqual([name, { code: 0, out: '', err: '' }]);
  };
  const pasted = async (curl: string) => JSON.parse((await shell(curl)).out) as Record<string, unknown>;

  it('knows its keys, its calls and its record, and signs as before', async () => {
    const before = await started();
    const curl = await before.says(/^(curl [^]*?\}')$/m);
    const adminKey = await before.says(/admin key {3}(tg_live_\S+)/);
    const first = await pasted(curl);
    expect(first['decision']).toBe('executed');
    expect(await before.end('SIGTERM')).toBe(0);
    await block('backup.sh');
    await rm(join(folder, '.tollgate'), { recursive: true });
    await block('restore.sh');
    const after = await started();
    expect(after.text).not.toContain('admin key');
    expect(await pasted(curl)).toMatchObject({ decision: 'dedup', result: first['result'] });
    expect(await pasted(curl.replace('cus_42', 'cus_43'))).toMatchObject({ decision: 'executed' });
    const api = new Api(after.api, adminKey);
    const { body } = await api.get(`/v1/runs/${first['run_id'] as string}`);
    expect(body.events.at(-1)).toMatchObject({ type: 'run_finished', status: 'executed' });
  }, 120_000);
});
