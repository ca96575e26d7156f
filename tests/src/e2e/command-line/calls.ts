import { fresh } from '../../contract/installed.js';
import { drop, type Typed } from '../../harness/index.js';
import { CALL_ID, type Administrator } from './administrator.js';

export function calls(admin: Administrator): void {
  const { tollgate, file, type, json, done, registered } = admin;
  const callIn = ({ out }: Typed): string => CALL_ID.exec(out)?.[0] ?? '';

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
}
