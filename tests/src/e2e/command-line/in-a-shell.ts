import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fresh } from '../../contract/installed.js';
import { CommandLine, ended, eventually } from '../../harness/index.js';
import type { Administrator } from './administrator.js';

export function inAShell(admin: Administrator): void {
  const { tollgate, file, type, done, registered } = admin;

  it('says what it needs, and sends nothing without: exit code 2', async () => {
    const keyless = CommandLine.of(tollgate().api.as(''), admin.folder);
    expect(await keyless.type('keys', 'list')).toMatchObject({
      code: 2,
      err: expect.stringContaining('set TOLLGATE_API_KEY'),
    });
    expect(await type('keys', 'list', '--url', 'nowhere')).toMatchObject({ code: 2 });
    expect(await type('keys', 'list', '--key', 'tg_live_x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('not taken'),
    });
    expect(await type('keys', 'lsit')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('keys list') });
    expect(await type('policy', 'get', '..')).toMatchObject({ code: 2 });
  });

  it('is quiet when whoever reads it has read enough', async () => {
    const piped = await admin.shell('tollgate tools list | true; tollgate tools list --json | head -1');
    expect(piped).toEqual({ code: 0, out: '[\n', err: '' });
  });

  it('has colors for a terminal, and none for a pipe or with NO_COLOR', async () => {
    await registered();
    const list = `python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' ${process.execPath} ${CommandLine.main} tools list`;
    const shown = async (line: string) => (await admin.shell(line)).out;
    expect(await shown(`TERM=xterm ${list}`)).toContain('\u001b[32menabled');
    const without = await shown(`TERM=xterm NO_COLOR=1 ${list}`);
    expect([without.includes('enabled'), without.includes('\u001b')]).toEqual([true, false]);
    expect(await done('tools', 'list')).not.toContain('\u001b');
  });

  it('events --follow: goes on where it was when the server comes back, and ends by Ctrl-C with 130', async () => {
    const before = fresh('lock');
    await done('lock', before);
    const follower = admin.startBin('events', '--follow', '--json', '--limit', '1');
    const end = ended(follower);
    let out = '';
    let err = '';
    follower.stdout?.on('data', (chunk) => (out += String(chunk)));
    follower.stderr?.on('data', (chunk) => (err += String(chunk)));
    await eventually('the last one is shown', () => out.includes(before));

    const [first] = tollgate().processes;
    const PORT = new URL(tollgate().api.base).port;
    await first!.stop();
    await eventually('it says that the server is away', () => err.includes('going on as soon as it is back'));
    expect(await type('keys', 'list')).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('no server at'),
    });
    await tollgate().startProcess('all', { PORT });
    await tollgate().ready();
    const after = [fresh('lock'), fresh('lock')];
    for (const key of after) await done('lock', key, '--wait', '30');
    await eventually('the new ones are shown', () => after.every((key) => out.includes(key)));

    follower.kill('SIGINT');
    expect((await end).code).toBe(130);
    const shown = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; key: string });
    expect(shown.map(({ key }) => key)).toEqual([before, ...after]);
    expect(err).toMatch(new RegExp(`going on\n.*--after ${shown.at(-1)?.id} goes on from here`));
  });

  it('is there as npx tollgate, from a folder of the checkout', async () => {
    const inDocs = new CommandLine(join(CommandLine.bin, '../../../docs'), {});
    const { code, out } = await inDocs.shell('npx tollgate --help');
    expect([code, out]).toEqual([
      0,
      readFileSync(join(admin.folder, file('help', (await type('--help')).out)), 'utf8'),
    ]);
  });
}
