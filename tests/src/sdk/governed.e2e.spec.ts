import type { ServiceName } from '@tollgate/runtime';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from '../chaos/ended-once.js';
import { fresh, installed } from '../contract/installed.js';
import type { Json } from '../contract/json.js';
import { PatientApi } from '../contract/patient-api.js';
import { answer, eventually, TOOL_SECRET, type ServiceProcess } from '../harness/index.js';
import { expectPolledAsTold, refusalsRepeatedAsTold } from './as-told.js';
import { BadLine } from './bad-line.js';
import { OnceOnly } from './once-only.js';
import { killNats, wipeRedis } from './outage.js';
import { slept } from './transport.js';

/** Longer than an SDK waits for an answer. */
const TOO_SLOW_SEC = 5.5;
/** Left as they are by SDKs wherever they stand in a path. */
const AGENT = 'ops team:zoë|1';
const RUN = 'the run/of today';
const [MAIL, PAY] = ['mail:send.v1', 'pay.card'];

/** Sessions of agents whose actions Tollgate does, while its processes and servers are killed, on the wire of an SDK. */
describe('a governed agent with an SDK of OnceOnly and another base URL (contract 3 to 8)', () => {
  const tollgate = installed({ layout: 'each', env: { LOG_LEVEL: 'warn', TOLLGATE_CHECK_LOCK_OUTAGE: '429' } });
  const clients: OnceOnly[] = [];
  let line: BadLine;
  let agent: OnceOnly;
  beforeAll(async () => {
    line = await BadLine.start(() => tollgate().api.base);
    agent = newAgent();
  });
  afterAll(() => line.stop());

  function newAgent(): OnceOnly {
    const client = new OnceOnly(tollgate().adminKey, line.base);
    clients.push(client);
    return client;
  }
  /** What the server has on record; an SDK would not see that a busy machine is behind with it. */
  const record = async (path: string): Promise<Json> => (await PatientApi.of(tollgate().api).get(`/v1${path}`)).body;
  const aiUsage = async (): Promise<number> => (await record('/usage/all')).ai.usage;
  const doneWith = (tool: string): Json[] =>
    tollgate()
      .tool.at(tool)
      .map(({ body }) => body.args);
  const register = (tool: string, more: object = {}): Promise<Json> =>
    agent.tools.create({
      name: tool,
      url: tollgate().tool.url(tool),
      auth: { type: 'hmac_sha256', secret: TOOL_SECRET },
      ...more,
    });
  /** Kills who owns a stage; another takes over. */
  async function killOwner(stage: ServiceName): Promise<void> {
    await tollgate().owners(stage)[0]?.kill();
    await tollgate().startProcess(stage);
  }
  /** Puts a process in the place of a stage's owner that dies where it is told to, and another that takes over then. */
  async function doomOwner(stage: ServiceName, faults: string): Promise<ServiceProcess> {
    const [owner] = tollgate().owners(stage);
    const doomed = await tollgate().startProcess(stage, { TOLLGATE_FAULTS: faults });
    await owner?.stop();
    await eventually(`the doomed ${stage} owns`, () => doomed.owns(stage).length > 0);
    await tollgate().startProcess(stage);
    return doomed;
  }
  const act = (tool: string, n: number): Promise<Json> =>
    agent.ai.runTool({ agentId: AGENT, tool, args: { n }, runId: RUN });
  const finishedIn = async (runId: string): Promise<string[]> => {
    const { events } = await record(`/runs/${encodeURIComponent(runId)}?limit=2000`);
    return events.filter(({ type }: Json) => type === 'run_finished').map(({ data }: Json) => data.decision);
  };

  it('manages policies, tools and agents by names that stand unencoded in paths', async () => {
    const scope = `agent:${AGENT}`;
    await agent.policies.fromTemplate(AGENT, 'moderate', { max_spend_usd_per_day: 5 });
    const { policy } = await agent.policies.upsert(AGENT, {
      allowed_tools: [MAIL, PAY],
      pricing_rules: [{ tool: PAY, price_usd: 2 }],
    });
    expect(policy).toMatchObject({ max_actions_per_hour: 200, max_spend_usd_per_day: 5, allowed_tools: [MAIL, PAY] });
    expect((await agent.policies.get(AGENT)).policy).toEqual(policy);
    expect((await agent.policies.list()).map(({ agent_id }) => agent_id)).toContain(AGENT);
    await register(MAIL, { scope_id: scope });
    await register(PAY, { scope_id: scope, timeout_ms: 1_000 });
    expect((await agent.tools.list(scope)).map(({ name }) => name).sort()).toEqual([MAIL, PAY]);
    expect(await agent.tools.toggle(MAIL, false, scope)).toEqual({ name: MAIL, enabled: false });
    expect(await agent.tools.get(MAIL, scope)).toMatchObject({ enabled: false, scope_id: scope });
    await agent.tools.toggle(MAIL, true, scope);
    const other = await register('unused');
    expect(await agent.tools.delete(other.name)).toEqual({ ok: true, deleted: 'unused', scope_id: 'global' });
    expect(await agent.agents.disable(AGENT, 'not yet')).toMatchObject({ agent_id: AGENT, is_enabled: false });
    const early = await agent.ai.runTool({ agentId: AGENT, tool: MAIL });
    expect(early).toMatchObject({ ok: true, allowed: false, policy_reason: 'agent_disabled' });
    expect(await agent.agents.enable(AGENT)).toMatchObject({ is_enabled: true, disabled_reason: null });
    expect(tollgate().tool.received).toHaveLength(0);
  });

  it('acts once for each step, whatever happens to the answers: lost, late, or their gateway killed', async () => {
    const before = await aiUsage();
    await tollgate().startProcess('gateway');
    tollgate().tool.on(MAIL, async (received, response) => {
      const { n } = received.body.args as Json;
      if (n === 2) tollgate().gateways[0]?.signal('SIGKILL');
      if (n === 3) await slept(TOO_SLOW_SEC);
      await answer(200, { sent: n })(received, response);
    });

    const first = await act(MAIL, 0);
    expect(first).toMatchObject({ ok: true, decision: 'executed', run_id: RUN, result: { sent: 0 } });
    line.loseAnswer('/ai/run');
    // The answer of the first is lost, the gateway of the second is killed, the third comes too late.
    for (const n of [1, 2, 3]) {
      const told = await act(MAIL, n);
      expect(told).toMatchObject({ ok: true, allowed: true, decision: 'dedup', result: { sent: n }, spend_usd: 0 });
    }
    expect(line.broken.filter((path) => path === '/ai/run').length).toBeGreaterThanOrEqual(2);
    line.loseAnswer('/events');
    await agent.postEvent({ run_id: RUN, type: 'all sent', req_id: 'the last step', agent_id: AGENT });
    expect(doneWith(MAIL)).toEqual([0, 1, 2, 3].map((n) => ({ n, run_id: RUN })));
    await eventually('usage has each action once', async () => (await aiUsage()) === before + 4);
  });

  it('is told that nobody knows, when the dispatcher is killed in mid-call, and never acts again until somebody does', async () => {
    const before = await aiUsage();
    const killed = Promise.withResolvers<void>();
    tollgate().tool.on(PAY, () => void killOwner('dispatcher').then(killed.resolve, killed.reject));
    const unknown = await act(PAY, 4);
    expect(unknown).toMatchObject({ ok: false, decision: 'failed', policy_reason: 'outcome_unknown' });
    await killed.promise;
    expect((await act(PAY, 4)).policy_reason).toBe('outcome_unknown');
    const [inDoubt] = await record('/calls?status=in_doubt');
    const word = { outcome: 'executed', result: { paid: true }, note: 'the bank has it' };
    expect((await tollgate().api.post(`/v1/calls/${inDoubt.call_id}/resolve`, word)).status).toBe(200);
    expect(await act(PAY, 4)).toMatchObject({ ok: true, decision: 'dedup', result: { paid: true } });

    expect(doneWith(PAY)).toHaveLength(1);
    await eventually('usage has each action once', async () => (await aiUsage()) === before + 1);
    // What was unknown has ended so; that it was done is said by the word that came later.
    expect((await finishedIn(RUN)).filter((decision) => decision === 'executed')).toHaveLength(4);
    // Its answer was lost and it was sent again.
    const ownWords = async (): Promise<Json[]> =>
      (await agent.getRunTimeline(RUN)).events.filter(({ source }: Json) => source === 'client');
    await eventually('the timeline has what the agent said', async () => (await ownWords()).length > 0);
    expect(await ownWords()).toMatchObject([{ type: 'all sent', req_id: 'the last step' }]);
    expect((await record('/runs?q=the run')).items).toMatchObject([{ run_id: RUN }]);
  });

  it('meets its caps: what is beyond them is blocked and says how long, and was never sent', async () => {
    await agent.policies.upsert(AGENT, { max_actions_per_hour: 5 });
    const beyond = await agent.ai.runTool({ agentId: AGENT, tool: MAIL, args: { n: 'beyond' } });
    expect(beyond).toMatchObject({ allowed: false, policy_reason: 'max_actions_per_hour_exceeded', remaining: 0 });
    expect(Number.isInteger(beyond.retry_after_sec)).toBe(true);
    const stranger = await agent.ai.runTool({ agentId: AGENT, tool: 'rm.all' });
    expect(stranger).toMatchObject({ ok: true, allowed: false, policy_reason: 'tool_not_in_allowed_list' });
    await eventually('metrics are there', async () => (await agent.agents.metrics(AGENT)).blocked_actions === 3);
    expect(await agent.agents.metrics(AGENT)).toMatchObject({ total_spend_usd: 2, executed_actions: 5 });
    const logs = await agent.agents.logs(AGENT);
    expect(logs[0]).toMatchObject({ agent_id: AGENT, tool: 'rm.all', decision: 'blocked', spend_usd: 0 });
    expect(doneWith(MAIL)).not.toContainEqual({ n: 'beyond' });
  });

  it('has a job run by its key and polls to its end, over a lease stage killed in its midst and a wiped Redis', async () => {
    const [before, tool, key] = [await aiUsage(), fresh('step'), 'job/1 of today'];
    const client = newAgent();
    await register(tool);
    const killed = Promise.withResolvers<void>();
    tollgate().tool.on(tool, async (received, response) => {
      if ((received.body.args as Json).n === 2) {
        void killOwner('lease').then(killed.resolve, killed.reject);
        await wipeRedis(tollgate());
      }
      await answer(200, { done: true })(received, response);
    });
    const actions = [1, 2, 3, 4].map((n) => ({ tool, args: { n } }));
    const metadata = { agent_id: 'job agent', actions, run_id: 'job run' };
    const both = [client, newAgent()].map(({ ai }) => ai.runAndWait(key, metadata, 600));
    const [ended, attached] = await Promise.all(both);
    expect(attached).toEqual(ended);
    expect(ended).toMatchObject({ ok: true, status: 'completed', key, result: { run_id: 'job run', dry_run: false } });
    expect(ended.result.results.map(({ decision }: Json) => decision)).toEqual(actions.map(() => 'executed'));
    await killed.promise;
    expect(doneWith(tool)).toEqual([1, 2, 3, 4].map((n) => ({ n })));
    expect(await client.ai.run(key, metadata)).toMatchObject({
      status: 'completed',
      charged: 0,
    });
    expectPolledAsTold(client.transport.exchanges);
    refusalsRepeatedAsTold(client.transport.exchanges, 503);
    await eventually('usage has the key and its actions', async () => (await aiUsage()) === before + 5);
    expect(await finishedIn('job run')).toEqual(actions.map(() => 'executed'));
  });

  it('does each task once, when the lease stage dies with a decision in its journal that nobody was told', async () => {
    const doomed = await doomOwner('lease', 'lease.after-append:5=kill');
    const worker = newAgent();
    const done: string[] = [];
    const tasks: string[] = [];
    while (!doomed.hasExited) {
      const task = fresh('task');
      tasks.push(task);
      const attempt = (): Promise<Json> =>
        worker.ai.runFn(task, async () => ({ nth: done.push(task) }), { ttl: 5, extendEvery: 1 });
      let ended = await attempt();
      // A lease whose answer was lost is nobody's until it expires.
      while (ended.error_code === 'timeout') ended = await attempt();
      expect(ended).toMatchObject({ status: 'completed', result: { nth: tasks.length } });
    }
    expect(doomed.child.signalCode).toBe('SIGKILL');
    expect(done).toEqual(tasks);
    refusalsRepeatedAsTold(
      worker.transport.exchanges.filter(({ path }) => path !== '/ai/extend'),
      503,
    );
  });

  it('finds NATS away for some seconds: it waits as it is told, nothing is done without a decision, then all is done once', async () => {
    const tool = fresh('outage');
    await register(tool);
    const [caller, locker, worker] = [newAgent(), newAgent(), newAgent()];
    const openGateway = await tollgate().startProcess('gateway', { TOLLGATE_CHECK_LOCK_OUTAGE: '503' });
    const asItComes = new OnceOnly(tollgate().adminKey, tollgate().apiOf(openGateway).base, { repeats: 0 });
    const back = Promise.withResolvers<void>();
    // This one holds its lease all the while, and says so in vain.
    const work = worker.ai.runFn('outlasts it', () => back.promise.then(() => ({ outlasted: true })), {
      extendEvery: 1,
    });
    await eventually('it is at work', () => worker.transport.exchanges.length >= 2);

    await killNats(tollgate());
    const called = caller.ai.runTool({ agentId: 'patient', tool, args: { n: 1 } });
    const locked = locker.checkLock('in an outage', 60);
    const statuses = ({ transport }: OnceOnly) => transport.exchanges.map((one) => one.answer?.status);
    await eventually('it is told to wait', () => statuses(caller).includes(503) && statuses(locker).includes(429));
    expect(doneWith(tool)).toEqual([]);
    // This is why the server can be set to say 429.
    expect(await asItComes.checkLock('in an outage')).toMatchObject({ locked: true, failOpen: true });
    await tollgate().startAgain('nats');
    back.resolve();

    expect((await called).decision).toMatch(/^(executed|dedup)$/);
    expect(await locked).toMatchObject({ failOpen: false });
    expect(await work).toMatchObject({ status: 'completed', result: { outlasted: true } });
    expect(refusalsRepeatedAsTold(caller.transport.exchanges, 503).length).toBeGreaterThan(0);
    expect(refusalsRepeatedAsTold(locker.transport.exchanges, 429).length).toBeGreaterThan(0);
    expect(statuses(locker).filter((status) => status !== undefined && status >= 500)).toEqual([]);
    expect(doneWith(tool)).toEqual([{ n: 1 }]);
    await openGateway.stop();
  });

  it('has each action on the record once, as it was told and as the tools have it', async () => {
    const told = clients.flatMap(({ transport }) => transport.exchanges.flatMap(({ answer: one }) => one ?? []));
    const calls = told.filter(({ status, body }) => status === 200 && body?.args_hash !== undefined);
    await expectEachCallEndedOnce(
      tollgate(),
      calls.map(({ status, body }) => ({ status, body, headers: new Headers() })),
    );
    expectNothingDoneTwice(tollgate().tool.received);
    const events: Json[] = await record('/events?limit=500');
    expect((await agent.events(500)).length).toBeGreaterThan(0);
    expect(new Set(events.map(({ req_id }) => req_id)).size).toBe(events.length);
    await eventually('the account adds both kinds up', async () => {
      const { make, ai } = await agent.usageAll();
      const { requests_total_all_time: requests } = await agent.me();
      return requests > 0 && requests === make.requests_total_month + ai.requests_total_month;
    });
    const executed = events.filter(({ type }) => type === 'tool_executed');
    expect(executed).toHaveLength(tollgate().tool.received.length);
  });
});
