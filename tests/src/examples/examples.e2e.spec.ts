import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fresh, installed } from '../contract/installed.js';
import { runFile, type Env } from '../docs/run-file.js';
import { answer, eventually, type Api } from '../harness/index.js';
import { FaultyPath } from './faulty-path.js';

const EXAMPLES = join(import.meta.dirname, '../../../examples');
const AGENT = 'sample-agent';
const TOOL = 'payments.charge';
const file = (name: string): string => join(EXAMPLES, name);
const lines = (output: string): string[] => output.trimEnd().split('\n');

/** Every example of examples/, as a newcomer would run it, against a live Tollgate with the set-up of a first start. */
describe('examples', () => {
  const tollgate = installed();
  let agent: Api;
  let env: Env;
  let charges: number;
  beforeAll(async () => {
    await tollgate().register(TOOL);
    await tollgate().policy(AGENT, {
      allowed_tools: [TOOL],
      max_actions_per_hour: 100,
      max_spend_usd_per_day: 1_000,
    });
    const { body } = await tollgate().api.post('/v1/keys', { role: 'agent', agents: [AGENT] });
    agent = tollgate().api.as(body.key as string);
    env = { TOLLGATE_URL: agent.base, TOLLGATE_KEY: String(agent.key) };
  });
  beforeEach(() => {
    charges = atTool();
    tollgate().tool.on(TOOL, (received, response) =>
      answer(200, {
        charge_id: `ch_${atTool()}`,
        amount_usd: (received.body.args as { amount_usd: number }).amount_usd,
      })(received, response),
    );
  });
  const atTool = (): number => tollgate().tool.at(TOOL).length;

  it('has none that is not run here', () => {
    const programs = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.(ts|py|sh)$/.test(name) && !/^(src|dist|node_modules)\b/.test(name),
    );
    expect(programs.sort()).toEqual(
      [
        ...['agent-loop/agent.ts', 'agent-loop/model.ts', 'agent-loop/tollgate.ts', 'curl.sh', 'langchain-tool.ts'],
        ...['python/call.py', 'python/lease.py', 'subscriber.ts', 'typescript/call.ts', 'typescript/lease.ts'],
      ].sort(),
    );
  });

  it('curl.sh: a call, its repeat, a block, a lock, the record', async () => {
    const { code, output } = await runFile(file('curl.sh'), env, fresh('order'));
    const said = output.split(/^#.*\n/m).slice(1);
    const [call, again, forbidden, lock, logs] = said.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect([code, call, again]).toMatchObject([0, { decision: 'executed' }, { decision: 'dedup' }]);
    expect(again!['result']).toEqual(call!['result']);
    expect(forbidden).toMatchObject({ decision: 'blocked', policy_reason: 'tool_not_in_allowed_list' });
    expect(lock).toMatchObject({ success: true, status: 'locked' });
    expect(logs).toMatchObject([{ decision: 'blocked' }, { decision: 'dedup' }, { decision: 'executed' }]);
    expect(atTool()).toBe(charges + 1);
  });

  it('curl.sh: says what is wrong, and that it failed', async () => {
    const refused = await runFile(file('curl.sh'), { ...env, TOLLGATE_KEY: 'another' }, fresh('order'));
    expect([refused.code, refused.output]).toEqual([22, expect.stringContaining('"Invalid API key"')]);
  });

  it.each(['typescript/call.ts', 'python/call.py'])('%s: every answer that a call may get', async (name) => {
    const call = async (order = fresh('order')) => (await runFile(file(name), env, order)).output.trimEnd();
    const order = fresh('order');
    expect([await call(order), await call(order)]).toEqual([
      `charged: ch_${charges + 1}`,
      `charged before: ch_${charges + 1}`,
    ]);
    tollgate().tool.on(TOOL, answer(400));
    expect(await call()).toBe('not done: tool_error');
    tollgate().tool.on(TOOL, answer(502));
    expect(await call()).toMatch(/^nobody knows yet, ask an operator: call_/);
    await tollgate().api.post(`/v1/agents/${AGENT}/disable`, {});
    const disabled = await call();
    await tollgate().api.post(`/v1/agents/${AGENT}/enable`, {});
    expect(disabled).toBe('not allowed: agent_disabled');
    const refused = await runFile(file(name), { ...env, TOLLGATE_KEY: 'another' });
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('answered 403')]);
  });

  it('lease.ts, lease.py: one does the work and says that it lives, another waits and learns the result', async () => {
    await Promise.all(['typescript/lease.ts', 'python/lease.py'].map(worksAlone));
  });
  async function worksAlone(name: string): Promise<void> {
    const report = fresh('report');
    const holder = runFile(file(name), env, report);
    await eventually('it holds the lease', async () => (await lease(report)).status === 200);
    const other = runFile(file(name), env, report);
    const said = (await Promise.all([holder, other])).map(({ output }) => output.trimEnd().replace(': 12', ':12'));
    expect(said).toEqual(['written: {"pages":12}', 'completed before: {"pages":12}']);
    const { status, version } = (await lease(report)).body;
    expect(status).toBe('completed');
    // The first is the lease itself, the next its heartbeat.
    expect(version).toBeGreaterThan(1);
  }
  const lease = (key: string) => agent.get(`/v1/ai/status?key=${key}`);

  describe('agent-loop', () => {
    const loop = async (url: string, run: string) => {
      const { code, output } = await runFile(file('agent-loop/agent.ts'), { ...env, TOLLGATE_URL: url }, run);
      return {
        code,
        steps: lines(output)
          .filter((line) => line.startsWith('{'))
          .map((line) => JSON.parse(line) as Step),
      };
    };

    it('goes on behind a block, and does nothing twice when it is run again', async () => {
      const run = fresh('run');
      const first = await loop(agent.base, run);
      expect(first).toMatchObject({
        code: 0,
        steps: [
          { step: 1, kind: 'done', result: { amount_usd: 12 } },
          { step: 2, kind: 'blocked', reason: 'max_spend_usd_per_day_exceeded' },
          { step: 3, kind: 'done', result: { amount_usd: 7 } },
        ],
      });
      expect((await loop(agent.base, run)).steps.map(({ result }) => result)).toEqual(
        first.steps.map(({ result }) => result),
      );
      expect(atTool()).toBe(charges + 2);
    });

    it('repeats what was lost, and comes back to what still runs, under the same key', async () => {
      const gateway = await tollgate().startProcess('gateway', { TOLLGATE_WAIT_LIMIT_MS: '200' });
      let isSeen = (): void => undefined;
      const seen = new Promise<void>((resolve) => (isSeen = resolve));
      const path = await FaultyPath.start(tollgate().apiOf(gateway).base, ({ status }, at) => {
        if (status === 409 && at > 1) isSeen();
        return at === 1 ? 'lost' : 'passed';
      });
      tollgate().tool.on(TOOL, async (received, response) => {
        await seen;
        await answer(200, { charge_id: 'ch_late' })(received, response);
      });
      const { code, steps } = await loop(path.url, fresh('run'));
      await path.stop();
      await gateway.stop();
      expect([code, steps.map(({ kind }) => kind)]).toEqual([0, ['done', 'blocked', 'done']]);
      expect(path.answers.some(({ status, text }) => status === 409 && text.includes('"in_progress"'))).toBe(true);
      expect(path.answers.length).toBeGreaterThan(4);
      expect(atTool()).toBe(charges + 2);
    });

    it('stops at an outcome that nobody knows', async () => {
      tollgate().tool.on(TOOL, answer(502));
      const { code, steps } = await loop(agent.base, fresh('run'));
      expect([code, steps]).toMatchObject([1, [{ step: 1, kind: 'unknown', callId: expect.stringMatching(/^call_/) }]]);
    });

    it('gives up on what no repeat can mend', async () => {
      const run = await runFile(file('agent-loop/agent.ts'), { ...env, TOLLGATE_KEY: 'another' });
      expect([run.code, run.output]).toEqual([1, expect.stringContaining('answered 403')]);
    });
  });

  it('langchain-tool.ts: a repeated tool call is not a second act, a block is what the model reads', async () => {
    const call = (id: string) => runFile(file('langchain-tool.ts'), env, id);
    const id = fresh('toolcall');
    const [first, again] = [await call(id), await call(id)];
    expect([first.code, JSON.parse(first.output)]).toEqual([0, { charge_id: `ch_${charges + 1}`, amount_usd: 12 }]);
    expect(again).toEqual(first);
    await tollgate().api.post(`/v1/policies/${AGENT}`, { blocked_tools: [TOOL] });
    const blocked = await call(fresh('toolcall'));
    await tollgate().api.post(`/v1/policies/${AGENT}`, { blocked_tools: null });
    expect(blocked.output).toMatch(/^Not allowed \(tool_explicitly_blocked\)/);
    tollgate().tool.on(TOOL, answer(502));
    const unknown = await call(fresh('toolcall'));
    expect([unknown.code, unknown.output]).toEqual([1, expect.stringContaining('nobody knows what became of call_')]);
  });

  it('subscriber.ts: says which decisions a person should see, those too that were made while it was away', async () => {
    const durable = fresh('alerts');
    const heard: string[] = [];
    const listen = async (until: () => boolean) => {
      const child = spawn(process.execPath, [file('subscriber.ts'), durable], {
        env: { PATH: process.env['PATH'], NATS_URL: tollgate().nats.url },
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        heard.splice(0, heard.length, ...lines(output).filter((line) => line.startsWith('{')));
      });
      await eventually('it has heard enough', until, 30_000);
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    };
    const unknown = async () => {
      tollgate().tool.on(TOOL, answer(502));
      return (await agent.run({ agent_id: AGENT, tool: TOOL, args: { n: fresh('n') } })).body.call_id as string;
    };
    const callIds = () => heard.map((line) => (JSON.parse(line) as { call_id: string }).call_id);
    const first = await unknown();
    await listen(() => callIds().includes(first));
    const second = await unknown();
    await listen(() => callIds().includes(second));
    expect(callIds()).toEqual([second]);
    expect(JSON.parse(heard[0]!)).toMatchObject({ decision: 'failed', policy_reason: 'outcome_unknown' });
  });
});

interface Step {
  readonly step: number;
  readonly kind: string;
  readonly result?: object;
}
