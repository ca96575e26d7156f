import { answer, CommandLine } from '../harness/index.js';
import { tableOf } from './code-blocks.js';
import type { Guide } from './guide.js';

const SECRET = 'the-secret-of-the-page';

export function quickStart(guide: Guide): void {
  const { tollgate } = guide;
  let env: { readonly TOLLGATE_KEY: string };
  beforeAll(async () => {
    await tollgate().register('payments.charge');
    const sample = { charge_id: 'ch_1', amount_usd: 12, calls_of_this_tool: 1 };
    tollgate().tool.on('payments.charge', answer(200, sample));
    // As a first start makes it.
    await tollgate().policy('sample-agent', {
      allowed_tools: ['payments.charge'],
      max_actions_per_hour: 100,
      max_spend_usd_per_day: 100,
    });
    env = { TOLLGATE_KEY: await guide.agentKey('sample-agent') };
  });

  it('gives the shell what every later block reads', async () => {
    const exported = await guide.written('export.sh');
    const { code, out } = await new CommandLine(guide.folder(), {}).shell(`. ${exported} && env`);
    const given = Object.fromEntries(out.split('\n').map((line) => line.split('=') as [string, string]));
    const names = tableOf(guide.page, 'variable').map(([name = '']) => name.replaceAll('`', ''));
    expect([code, names.map((name) => given[name])]).toEqual([0, ['http://127.0.0.1:8080', 'tg_live_…', 'tg_live_…']]);
  });

  it('calls the sample tool once, however often it is asked', async () => {
    const [shown, said, again] = [
      guide.shown('answer.json'),
      await guide.json('call.sh', env),
      await guide.json('call.sh', env),
    ];
    expect(Object.keys(said)).toEqual(Object.keys(shown));
    const { ok, allowed, decision, policy_reason, risk_level, spend_usd } = shown;
    expect(said).toMatchObject({ ok, allowed, decision, policy_reason, risk_level, spend_usd });
    expect(Object.keys(said.result)).toEqual(Object.keys(shown.result));
    expect(again).toMatchObject({ decision: 'dedup', result: said.result });
    expect(tollgate().tool.at('payments.charge')).toHaveLength(1);
  });

  it('calls a tool of your own when the policy allows it, and has it on record', async () => {
    const backend = await guide.serve('greet.ts', SECRET);
    await guide.json('register.sh', { TOOL_URL: backend.url(''), TOOL_SECRET: SECRET });
    expect(await guide.json('greet.sh', env)).toMatchObject({ decision: 'blocked' });
    const { policy } = await guide.json('allow.sh');
    expect(policy).toMatchObject({ allowed_tools: ['payments.charge', 'greet'], max_actions_per_hour: 100 });
    const said = await guide.json('greet.sh', env);
    const unsigned = await fetch(backend.url(''), { method: 'POST', body: '{"args":{}}' });
    await backend.stop();
    expect(said).toMatchObject({ decision: 'executed', result: { greeting: 'hello, Ada' }, run_id: 'first-run' });
    expect(unsigned.status).toBe(401);
    const wanted = ['run_finished blocked', 'tool_call started', 'run_finished executed'];
    const stepsOf = ({ events }: { events: { type: string; status: string }[] }) =>
      events.map(({ type, status }) => `${type} ${status}`);
    await guide.until('timeline.sh', (run) => wanted.every((step) => stepsOf(run).includes(step)), env);
  });

  guide.everyBlockIsRun();
}
