import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { answer, CommandLine, drop, ended, eventually, newTenant, type Api, type Typed } from '../harness/index.js';
import { codeBlock, pageText, tableOf } from './code-blocks.js';
import type { Guide } from './guide.js';
import { pathWithNpx } from './npx.js';

const PAGE = 'command-line.md';
const FILES = ['billing.yaml', 'charge.yaml', 'result.yaml', 'job.yaml'];

export function commandLine(guide: Guide): void {
  let api: Api;
  let folder: string;
  let env: Readonly<Record<string, string>>;
  const tool = () => guide.tollgate().tool;
  beforeAll(async () => {
    ({ api } = await newTenant(guide.tollgate(), 'command-line'));
    folder = join(dirname(await guide.written('billing.yaml')), 'command-line');
    await mkdir(folder);
    env = { PATH: await pathWithNpx(folder), TOLLGATE_URL: api.base, TOLLGATE_API_KEY: api.key ?? '' };
    for (const name of FILES) {
      guide.name(name);
      await put(name, codeBlock(PAGE, name));
    }
    await put('tool.secret', 'the-secret-of-the-page');
    await put('next.secret', 'the-secret-that-comes-next');
    tool().on('charge', async (received, response) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await answer(200, { receipt: 1 })(received, response);
    });
  });

  const put = (name: string, content: string) => writeFile(join(folder, name), content);
  /** Starts a block as it stands on the page, in the folder with its files, in a group of its own. */
  const start = (name: string, more: Readonly<Record<string, string>> = {}, ...args: readonly string[]) => {
    guide.name(name);
    const options = { cwd: folder, env: { ...env, ...more }, stdio: 'pipe', detached: true } as const;
    return spawn('sh', ['-c', codeBlock(PAGE, name), name, ...args], options);
  };
  const typed = (name: string, ...args: readonly string[]): Promise<Typed> => ended(start(name, {}, ...args));
  const done = async (name: string, ...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await typed(name, ...args);
    expect([name, code, err]).toEqual([name, 0, '']);
    return out;
  };
  const shown = (name: string): string => {
    guide.name(name);
    return alike(codeBlock(PAGE, name));
  };

  it('makes a tool, a policy and a key, and calls with them', async () => {
    const registered = await ended(start('register.sh', { TOOL_URL: tool().url('charge') }));
    expect(registered).toMatchObject({ code: 0, out: expect.stringMatching(/^timeout_ms +5000$/m) });
    expect(await done('rotate.sh')).toMatch(/^previous_secret_until +\d{4}-/m);
    const { out } = await typed('policy.sh');
    expect(out).toMatch(/^blocked: max_spend_usd_per_day_exceeded\n[^#]*(# billing, version 1,[^#]*)\1$/);
    expect(alike(await done('call.sh')).replace(/^[^]*?(?=executed)/, '')).toBe(shown('call.txt'));
  });

  it('shows what happened', async () => {
    await eventually('the run is on record', async () => alike(await done('timeline.sh')) === shown('timeline.txt'));
    const looks = [
      'charge  executed  ok',
      'billing, last week: 1 decisions',
      'billing  charge  executed',
      'plan unlimited',
    ];
    const out = await done('look.sh');
    for (const look of looks) expect(out).toContain(look);
    expect(await done('note.sh')).toMatch(/^noted: event \d+\n$/);
  });

  it('has a job done, once', async () => {
    expect([await done('job.sh'), await done('job.sh')]).toEqual(Array(2).fill(codeBlock(PAGE, 'job.txt')));
    guide.name('job.txt');
  });

  it('follows until it is told to end', async () => {
    const follower = start('follow.sh');
    let out = '';
    follower.stdout.on('data', (chunk) => (out += String(chunk)));
    await eventually('it shows the call', () => out.includes('tool_executed'));
    process.kill(-(follower.pid ?? 0), 'SIGINT');
    await ended(follower);
    for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('id');
  });

  it('stops an agent', async () => {
    expect(await done('stop.sh')).toMatch(/^disabled billing, as of .*\nenabled billing\n$/);
  });

  it('does as the codes say', async () => {
    const nightly = async (night: string) => (await typed('nightly.sh', night)).out;
    expect(await nightly('1')).toBe('charged\n');
    expect(JSON.parse(await readFile(join(folder, 'answer.json'), 'utf8'))).toMatchObject({ decision: 'executed' });
    tool().on('charge', answer(400));
    expect(await nightly('2')).toBe('failed\n');
    tool().on('charge', drop);
    expect(await nightly('3')).toBe('look at it\n');
    await api.post('/v1/agents/billing/disable');
    expect(await nightly('4')).toBe('not allowed\n');
    await api.post('/v1/agents/billing/enable');
    expect((await ended(start('nightly.sh', { TOLLGATE_URL: 'http://127.0.0.1:9' }, '5'))).out).toBe('later\n');
    expect([await typed('once.sh'), await typed('once.sh')]).toMatchObject([
      { code: 0, out: expect.stringContaining('it is mine') },
      { code: 6, out: expect.stringContaining('duplicate') },
    ]);
  });

  it('settles what nobody knows', async () => {
    const [inDoubt] = (await api.get('/v1/calls?status=in_doubt')).body as { call_id: string }[];
    expect(await done('doubt.sh', inDoubt?.call_id ?? '')).toMatch(/in doubt[^]*executed: ok[^]*\{"receipt":"ch_91"\}/);
  });

  it('says what to mend', async () => {
    await api.post('/v1/policies/billing', { max_spend_usd_per_day: null });
    const { code, out } = await typed('doctor.sh');
    expect([code, alike(out)]).toEqual([1, shown('doctor.txt')]);
  });

  it('names every command, and every exit code, as the help does', async () => {
    const { out } = await new CommandLine(folder, {}).type('--help');
    const [, commands = '', codes = ''] = /^Commands\n(.*?)\n\n.*^Exit codes\n(.*)$/ms.exec(out) ?? [];
    const rows = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/));
    const listed = pageText(PAGE).split('## All commands')[1] ?? '';
    const named = [...listed.matchAll(/^\| `(.+)` \| (.+) \|$/gm)].map(([, name = '', what]) => [
      name.replaceAll('\\|', '|'),
      what,
    ]);
    expect(named).toEqual(rows(commands));
    expect(tableOf(PAGE, 'code')).toEqual(rows(codes));
  });

  guide.everyBlockIsRun();
}

/** Without what is another each time: ids, times, how long it took, and how wide that makes a column. */
const alike = (text: string): string =>
  text
    .replaceAll(/call_[\w-]+/g, 'call_…')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, 'a time')
    .replaceAll(/\+?\d+(\.\d+)? (s|ms)\b/g, 'a while')
    .replaceAll(/ +/g, ' ');
