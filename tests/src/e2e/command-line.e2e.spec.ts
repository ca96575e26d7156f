import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fresh, installed } from '../contract/installed.js';
import { createTenant } from '../contract/tenant.js';
import { answer, CommandLine, drop, ended, eventually, newTenant, TOOL_SECRET, type Typed } from '../harness/index.js';
import { BadLine } from '../sdk/bad-line.js';

const CALL_ID = /call_[\w-]+/;

describe('npx tollgate, against a live installation', () => {
  const tollgate = installed();
  let folder: string;
  let admin: CommandLine;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-typed-'));
    admin = CommandLine.of(tollgate().api, folder);
    file('tool.secret', `${TOOL_SECRET}\n`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  const { type, json } = {
    type: (...words: readonly string[]) => admin.type(...words),
    json: (...words: readonly string[]) => admin.json(...words),
  };
  const done = async (...words: readonly string[]): Promise<string> => {
    const typed = await type(...words);
    expect(typed).toEqual({ code: 0, out: typed.out, err: '' });
    return typed.out;
  };
  /** A tool of the test's own tool server, registered by the command. */
  const registered = async (...options: readonly string[]): Promise<string> => {
    const name = fresh('tool');
    const where = ['--endpoint', tollgate().tool.url(name), '--secret-file', 'tool.secret'];
    expect(await done('tools', 'register', name, ...where, ...options)).toMatch(new RegExp(`^name +${name}\n`));
    return name;
  };
  const callIn = ({ out }: Typed): string => CALL_ID.exec(out)?.[0] ?? '';

  it('keys create | list | revoke: a key works until it is revoked, and is shown once or never', async () => {
    const agent = fresh('agent');
    const made = await json('keys', 'create', 'agent', '--agent', agent, '--name', 'of a test');
    expect(made).toMatchObject({ key: expect.stringMatching(/^tg_live_/), role: 'agent', agents: [agent] });
    expect(await done('keys', 'list')).toMatch(new RegExp(`${made.id} +agent +${agent} +of a test`));
    const saved = await done('keys', 'create', 'agent', '--agent', agent, '--save', 'agent.key');
    expect(saved).not.toContain('tg_live_');
    expect(statSync(join(folder, 'agent.key')).mode & 0o777).toBe(0o600);
    expect((await type('lock', fresh('key'), '--key-file', 'agent.key')).code).toBe(0);
    expect(await type('keys', 'create', 'admin', '--save', 'agent.key')).toMatchObject({ code: 2, out: '' });

    expect(await done('keys', 'revoke', made.id)).toBe(`revoked ${made.id}\n`);
    const refused = await CommandLine.of(tollgate().api.as(made.key), folder).type('lock', 'k', '--json');
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

  it('run: the exit code says what became of it', async () => {
    const [agent, tool] = [fresh('agent'), await registered()];
    const twelve = ['run', agent, tool, '--arg', 'amount=12', '--text-arg', 'zip=01234'];
    expect(await done(...twelve, '--spend-usd', '12')).toMatch(
      /^executed: ok\n(.*\n)* +cost +\$12.00\n +result +\{"n":1\}\n/,
    );
    expect(await done(...twelve)).toMatch(/^dedup: tool_idempotency/);
    expect(
      tollgate()
        .tool.at(tool)
        .map(({ body }) => body.args),
    ).toEqual([{ amount: 12, zip: '01234' }]);

    const piped = ['run', agent, tool, '--args', '-', '--idempotency-key', fresh('order')];
    expect((await admin.typeInto('items: [1, 2]', ...piped)).out).toMatch(/^executed/);
    expect((await admin.typeInto('{"items":[1,2]}', ...piped)).out).toMatch(/^dedup/);
    expect((await admin.typeInto('{"items":[3]}', ...piped)).err).toContain('idempotency_key_reused');

    expect(await done('run', agent, tool, '--dry-run')).toMatch(/^dry_run: ok/);
    expect(tollgate().tool.at(tool)).toHaveLength(2);
    await done('policy', 'set', agent, file('closed.yaml', 'allowed_tools: [other]'));
    expect(await type('run', agent, tool)).toMatchObject({
      code: 4,
      out: expect.stringContaining('blocked: tool_not_in'),
    });
    expect(await type('run', agent, 'other')).toMatchObject({
      code: 1,
      err: expect.stringContaining('tool_not_found'),
    });
  });

  it('calls list --in-doubt | show | resolve, and runs list | show: what nobody knows is found, and settled', async () => {
    const [agent, run, tool] = [fresh('agent'), fresh('run'), await registered()];
    tollgate().tool.on(tool, drop);
    const unknown = await type('run', agent, tool, '--run-id', run);
    expect(unknown).toMatchObject({ code: 5, out: expect.stringContaining('failed: outcome_unknown') });
    const call = callIn(unknown);
    expect(await done('calls', 'list', '--in-doubt', '--agent', agent)).toMatch(
      new RegExp(`${call} .* ${tool} +in doubt`),
    );
    expect(await type('calls', 'resolve', call, 'executed')).toMatchObject({ code: 2 });
    const said = ['calls', 'resolve', call, 'executed', '--note', 'it is in the books'];
    expect(await done(...said, '--result', file('result.json', '{"id":"ch_1"}'))).toContain('{"id":"ch_1"}');
    expect(await done('calls', 'show', call)).toMatch(/^executed: ok/);
    expect(await done('calls', 'list', '--in-doubt', '--agent', agent)).toBe('no such calls\n');

    expect(await done('runs', 'list', run)).toMatch(
      new RegExp(`^${run} +\\S+ \\S+ +run_resolved executed +\\d+$`, 'm'),
    );
    const timeline = await done('runs', 'show', run);
    expect(timeline).toMatch(
      new RegExp(`^run ${run}, .*\n\n${call}  ${tool} as ${agent}\n  \\+0.000 s +gateway +started\n`),
    );
    expect(timeline).toMatch(
      /dispatch +unknown +attempt 1(.*\n)+.*end +failed +outcome_unknown.*\n.*executed +.*"it is in the books"/,
    );
    expect((await json('runs', 'show', run)).events).toHaveLength(timeline.trimEnd().split('\n').length - 3);
  });

  it('agents disable | enable | logs | metrics', async () => {
    const [agent, tool] = [fresh('agent'), await registered()];
    expect(await done('agents', 'disable', agent, '--reason', 'too fast')).toContain(`disabled ${agent}, as of `);
    expect(await type('run', agent, tool)).toMatchObject({ code: 4, out: expect.stringContaining('agent_disabled') });
    await done('agents', 'enable', agent);
    await done('run', agent, tool);
    expect(await done('agents', 'logs', agent)).toMatch(/executed +ok +.*\n.*blocked +agent_disabled/);
    expect(await done('agents', 'metrics', agent, '--period', 'hour')).toContain('last hour: 2 decisions');
  });

  it('lock, lease acquire | status | extend | complete | result | fail | reset | cancel', async () => {
    const [locked, key, failing] = [fresh('lock'), fresh('lease'), fresh('lease')];
    expect(await done('lock', locked, '--ttl', '60')).toBe(`locked: ${locked}, for 60 s\n`);
    expect(await type('lock', locked)).toMatchObject({ code: 6, out: expect.stringContaining('duplicate') });

    const { lease_id } = await json('lease', 'acquire', key, '--ttl', '60');
    expect(await type('lease', 'acquire', key)).toMatchObject({ code: 6, out: expect.stringMatching(/^polling/) });
    expect(await done('lease', 'status', key)).toMatch(/^in_progress: /);
    expect(await done('lease', 'extend', key, lease_id, '--ttl', '90')).toMatch(/^extended: (.*\n)+ +version +2/);
    await done('lease', 'complete', key, lease_id, '--result', file('done.yaml', 'rows: 3'));
    expect(await done('lease', 'result', key)).toContain('{"rows":3}');
    expect(await type('lease', 'acquire', key)).toMatchObject({ code: 6, out: expect.stringMatching(/^completed/) });

    const second = await json('lease', 'acquire', failing);
    expect(await done('lease', 'fail', failing, second.lease_id, 'file_missing')).toContain('file_missing');
    await done('lease', 'reset', failing);
    const third = await json('lease', 'acquire', failing);
    expect(await done('lease', 'cancel', failing, third.lease_id)).toMatch(/^canceled/);
    expect(await type('lease', 'cancel', failing, 'lease_of_another')).toMatchObject({ code: 1 });
  });

  it('lock: 6 for a duplicate that the server answers 409, too', async () => {
    const gateway = await tollgate().startProcess('gateway', { TOLLGATE_CHECK_LOCK_DUPLICATES: 'conflict' });
    const strict = CommandLine.of(tollgate().apiOf(gateway), folder);
    const key = fresh('lock');
    expect(await strict.type('lock', key)).toMatchObject({ code: 0 });
    const told = { code: 6, out: expect.stringContaining(`duplicate: ${key}, first seen 2`), err: '' };
    expect(await strict.type('lock', key)).toEqual(told);
    const { code, out } = await strict.type('lock', key, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([6, { detail: { error: 'Duplicate blocked' } }]);
    await gateway.stop();
  });

  it('job run: its actions are done once for the key, and the exit code says what became of them', async () => {
    const [agent, tool, key] = [fresh('agent'), await registered(), fresh('job')];
    const actions = [1, 2].map((n) => ({ tool, args: { n } }));
    const job = file('job.yaml', JSON.stringify({ agent_id: agent, actions }));
    const twice = new RegExp(`^completed: ${key}\n {2}${tool} {2}executed {2}ok {2}{"n":1}\n {2}${tool} .*{"n":2}\n$`);
    expect(await done('job', 'run', fresh('job'), job, '--dry-run')).toMatch(/dry_run +ok/);
    expect(await done('job', 'run', key, job)).toMatch(twice);
    expect(await done('job', 'run', key, job)).toMatch(twice);
    expect(tollgate().tool.at(tool)).toHaveLength(2);
    const { status, lease_id } = await json('job', 'run', fresh('job'), job, '--async', '--ttl', '60');
    expect([status, lease_id]).toEqual(['acquired', expect.stringMatching(/^lease_/)]);
    await done('policy', 'set', agent, file('closed.yaml', 'allowed_tools: [other]'));
    expect(await type('job', 'run', fresh('job'), job)).toMatchObject({
      code: 4,
      out: expect.stringMatching(/^failed: .*, policy_blocked\n.*blocked {2}tool_not_in_allowed_list\n$/),
    });
  });

  it('job run --async: shows its lease also where the first answer is lost', async () => {
    const [agent, tool, key] = [fresh('agent'), await registered('--timeout-ms', '60000'), fresh('job')];
    const gate = Promise.withResolvers<void>();
    tollgate().tool.on(tool, async (received, response) => {
      await gate.promise;
      await answer(200)(received, response);
    });
    const job = file('lost.yaml', JSON.stringify({ agent_id: agent, actions: [{ tool }] }));
    const line = await BadLine.start(() => tollgate().api.base);
    line.loseAnswer('/ai/run');
    const far = new CommandLine(folder, { TOLLGATE_URL: line.base, TOLLGATE_API_KEY: tollgate().adminKey });
    const { code, out } = await far.type('job', 'run', key, job, '--async', '--json');
    gate.resolve();
    await line.stop();
    expect([line.broken, line.asked]).toEqual([['/ai/run'], Array(2).fill('POST /v1/ai/run')]);
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { status: 'acquired', lease_id: expect.stringMatching(/^lease_/) },
    ]);
  });

  it('run --async, and job run with little patience: it still runs', async () => {
    const [agent, tool, key] = [fresh('agent'), await registered('--timeout-ms', '60000'), fresh('job')];
    const gate = Promise.withResolvers<void>();
    tollgate().tool.on(tool, async (received, response) => {
      await gate.promise;
      await answer(200, { late: true })(received, response);
    });
    const running = await done('run', agent, tool, '--async');
    expect(running).toMatch(/^in_progress: /);
    const job = file('slow.yaml', JSON.stringify({ agent_id: agent, actions: [{ tool, args: { of: 'job' } }] }));
    // Where Redis is behind, its status is 503 at first.
    expect(await type('job', 'run', key, job, '--wait', '5')).toMatchObject({ code: 3, out: `in_progress: ${key}\n` });
    gate.resolve();
    const [call = ''] = CALL_ID.exec(running) ?? [];
    await eventually('it has ended', async () => (await type('calls', 'show', call)).out.startsWith('executed'));
    expect(await done('job', 'run', key, job)).toContain('{"late":true}');
  });

  it('runs note, metrics, me and notifications', async () => {
    const run = fresh('run');
    const data = file('note.json', '{"steps":3}');
    expect(await done('runs', 'note', run, 'planned', '--message', 'so far', '--data', data)).toMatch(
      /^noted: event \d+\n$/,
    );
    expect(await done('runs', 'show', run)).toMatch(/said by the client\n.*planned +{"steps":3}, "so far"\n$/);
    const once = ['runs', 'note', run, 'scored', '--req-id', 'r-1', '--json'] as const;
    expect((await type(...once)).out).toBe((await type(...once)).out);

    await done('lock', fresh('lock'));
    const today = new Date().toISOString().slice(0, 10);
    expect(await done('metrics', today, today)).toMatch(/^day +checks .*\n\d{4}-\d\d-\d\d +[1-9]\d* /);
    expect(await done('me')).toMatch(/^plan +unlimited$/m);
    expect(await type('notifications')).toMatchObject({ code: 2, out: '' });
    await done('notifications', '--email', 'on');
    const toldOf = { email_notifications_enabled: true, run_failure_notifications_enabled: false };
    expect(await json('notifications', '--run-failures', 'off')).toMatchObject(toldOf);
    expect(await json('me')).toMatchObject(toldOf);
  });

  it('usage, and events: the newest first, or behind one', async () => {
    expect(await done('usage')).toMatch(
      /^plan unlimited, \d{4}-\d\d\nkind .*\nmake +\d+ +unlimited .*\nai +\d+ +unlimited /,
    );
    expect(await json('usage', '--kind', 'ai')).toMatchObject({ plan: 'unlimited', limit: 0 });
    const key = fresh('lock');
    await done('lock', key);
    expect(await done('events', '--limit', '1')).toMatch(new RegExp(`^\\S+ \\S+ +\\d+ +locked +${key} `));
    const [{ id }] = await json('events', '--limit', '1');
    expect(await done('events', '--after', String(id))).toBe('no events\n');
    expect(await json('events', '--after', String(id - 1))).toMatchObject([{ id, key }]);
  });

  it('doctor: says what to mend until it is mended', async () => {
    const { api } = await newTenant(tollgate(), fresh('tenant'));
    const owner = CommandLine.of(api, folder);
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
    expect(await CommandLine.of(api.as('tg_live_x'), folder).type('doctor')).toMatchObject({
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
    const owner = CommandLine.of(api, folder);
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

  it('says what it needs, and sends nothing without: exit code 2', async () => {
    const keyless = CommandLine.of(tollgate().api.as(''), folder);
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
    expect([code, out]).toEqual([0, readFileSync(join(folder, file('help', (await type('--help')).out)), 'utf8')]);
  });

  it('has every command of its help typed here', async () => {
    const { out } = await type('--help');
    const [, listed = ''] = /^Commands\n(.*?)\n\n/ms.exec(out) ?? [];
    const words = [...listed.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)/gm)].map(([, command = '']) => command);
    const typed = readFileSync(import.meta.filename, 'utf8');
    const quoted = (command: string) =>
      command
        .split(' ')
        .map((word) => `'${word}'`)
        .join(', ');
    expect(words.length).toBeGreaterThan(30);
    expect(words.filter((command) => !typed.includes(quoted(command)))).toEqual([]);
  });
});
