import { fresh } from '../../contract/installed.js';
import { answer, CommandLine, eventually } from '../../harness/index.js';
import { BadLine } from '../../sdk/bad-line.js';
import { CALL_ID, type Administrator } from './administrator.js';

export function jobs(admin: Administrator): void {
  const { tollgate, file, type, json, done, registered } = admin;

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
    const far = new CommandLine(admin.folder, { TOLLGATE_URL: line.base, TOLLGATE_API_KEY: tollgate().adminKey });
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
}
