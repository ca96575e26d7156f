import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatSealingKey, mintSealingKey } from '@tollgate/sealing';
import { cli, eventually, Installation } from '../harness/index.js';

interface Listed {
  readonly key: string;
  readonly role?: string;
  readonly tool_secrets: number;
  readonly arguments_and_results: number;
  readonly may_go?: boolean;
}

/** Keys that seal arguments, results and tool secrets are rotated while everything they sealed stays readable. */
describe('sealing keys, rotated by an operator', () => {
  const [root, middle] = [mintSealingKey(), mintSealingKey()];
  let folder: string;
  let file: string;
  let tollgate: Installation;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-keys-'));
    file = join(folder, 'sealing-keys');
    await writeFile(file, `${formatSealingKey(middle)}\n${formatSealingKey(root)}\n`, { mode: 0o600 });
    // Empty counts as not set: the file is what counts.
    tollgate = await Installation.start({ env: { TOLLGATE_SEALING_KEYS: '', TOLLGATE_SEALING_KEY_FILE: file } });
    for (const name of ['one', 'two']) await tollgate.register(name);
    await tollgate.register('two', { auth: { type: 'hmac_sha256', secret: 'another-secret-0123456789' } });
  });
  afterAll(async () => {
    await tollgate.stop();
    await rm(folder, { recursive: true });
  });

  const sealing = <T>(...words: readonly string[]) =>
    cli<T>(tollgate, 'admin', 'sealing', ...words, { TOLLGATE_SEALING_KEY_FILE: file });
  const list = async (): Promise<Readonly<Record<string, Listed>>> =>
    Object.fromEntries((await sealing<Listed[]>('list')).map((one) => [one.key, one]));
  const run = (tool: string, n: number) => tollgate.api.run({ agent_id: 'a', tool, args: { n } });

  it('says what each has sealed, and which may go', async () => {
    expect((await run('one', 1)).body.decision).toBe('executed');
    const listed = await list();
    // The secret that `two` had before still signs for a day.
    expect(listed[middle.id]).toMatchObject({ role: 'seals', tool_secrets: 3, may_go: false });
    expect(listed[middle.id]!.arguments_and_results).toBeGreaterThan(0);
    const unused = { tool_secrets: 0, arguments_and_results: 0, may_go: false };
    expect(listed[root.id]).toMatchObject({ role: 'opens, and is the root of the keyed hashes', ...unused });
  });

  it('a new one is put in front, and seals once the services run with it; the old one still opens', async () => {
    const before = await run('one', 2);
    const { key } = await sealing<{ key: string; file: string }>('rotate');
    expect(key).not.toBe(middle.id);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual([key, middle.id, root.id]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await tollgate.processesStopped();
    await tollgate.startProcess('all');
    await tollgate.ready();
    expect((await run('one', 2)).body).toMatchObject({ decision: 'dedup', original_call_id: before.body.call_id });
    expect((await run('two', 3)).body.decision).toBe('executed');
    const listed = await list();
    expect(listed[key]).toMatchObject({ role: 'seals', tool_secrets: 0 });
    expect(listed[key]!.arguments_and_results).toBeGreaterThan(0);
    expect(listed[middle.id]).toMatchObject({ role: 'opens', tool_secrets: 3, may_go: false });
  });

  it('secrets of tools are sealed anew, and sign as before', async () => {
    expect(await sealing('reseal')).toEqual({ resealed: 2, lost: [] });
    expect(await sealing('reseal')).toEqual({ resealed: 0, lost: [] });
    const listed = await list();
    expect(listed[middle.id]).toMatchObject({ tool_secrets: 0, may_go: false });
    const before = tollgate.tool.at('two').length;
    expect((await run('two', 4)).body.decision).toBe('executed');
    const { headers } = tollgate.tool.at('two')[before]!;
    expect(headers['x-onceonly-signature']).toMatch(/^[0-9a-f]{64}$/);
    expect(headers['x-onceonly-signature-previous']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('one that nothing is sealed with any more may go, the last never', async () => {
    const spare = mintSealingKey();
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const [current = '', ...others] = lines;
    await writeFile(file, [current, formatSealingKey(spare), ...others].join('\n'));
    await chmod(file, 0o600);
    const listed = await list();
    expect(listed[spare.id]).toMatchObject({ role: 'opens', may_go: true });
    expect(Object.values(listed).filter(({ may_go }) => may_go)).toHaveLength(1);
  });

  it('a tool whose key is gone is named, and nothing else is said of its secret', async () => {
    const own = await readFile(file, 'utf8');
    await writeFile(file, `${formatSealingKey(mintSealingKey())}\n${formatSealingKey(root)}\n`);
    const { resealed, lost } = await sealing<{ resealed: number; lost: string[] }>('reseal');
    expect([resealed, lost.toSorted()]).toEqual([0, ['default global one', 'default global two']]);
    await writeFile(file, own);
    await eventually('calls go on', async () => (await run('one', 5)).body.decision === 'executed');
  });
});
