import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fresh, installed } from '../contract/installed.js';
import type { Json } from '../contract/json.js';
import { PatientApi } from '../contract/patient-api.js';
import { eventually } from '../harness/index.js';
import { expectPolledAsTold } from './as-told.js';
import { BadLine } from './bad-line.js';
import { OnceOnly } from './once-only.js';

const LOCKED = { locked: true, duplicate: false, failOpen: false, firstSeenAt: null };
const WORKER = join(import.meta.dirname, 'worker-main.js');

/** Sessions of agents that do the work themselves and ask whether they may. The tool server stands for what they do. */
describe('an agent with an SDK of OnceOnly and another base URL (contract 1 and 2)', () => {
  const tollgate = installed({ env: { LOG_LEVEL: 'warn' } });
  let line: BadLine;
  let agent: OnceOnly;
  beforeAll(async () => {
    line = await BadLine.start(() => tollgate().api.base);
    agent = newAgent();
  });
  afterAll(() => line.stop());
  const newAgent = (options = {}): OnceOnly => new OnceOnly(tollgate().adminKey, line.base, options);
  /** What the server has on record; an SDK would not see that a busy machine is behind with it. */
  const record = async (path: string): Promise<Json> => (await PatientApi.of(tollgate().api).get(`/v1${path}`)).body;
  const usage = async (kind: 'make' | 'ai'): Promise<Json> => (await record('/usage/all'))[kind];
  const done = (path: string): string[] =>
    tollgate()
      .tool.at(path)
      .map(({ body }) => String(body['task']))
      .sort();
  const doing = async (path: string, task: string): Promise<object> => {
    await fetch(tollgate().tool.url(path), { method: 'POST', body: JSON.stringify({ task }) });
    return { by: path, task };
  };
  const eventsOf = async (key: string, type: string): Promise<Json[]> =>
    (await record('/events?limit=500')).filter((event: Json) => event.key === key && event.type === type);

  /** A worker that has the lease and has sent heartbeats dies; its work has begun. */
  async function killedInMidLease(task: string): Promise<void> {
    const words = [WORKER, line.base, tollgate().adminKey, task, tollgate().tool.url('begun')];
    const doomed = spawn(process.execPath, words, { stdio: 'inherit' });
    try {
      await eventually('a heartbeat has been heard', async () => (await eventsOf(task, 'ai_extended')).length > 0);
      expect(done('begun')).toEqual([task]);
    } finally {
      doomed.kill('SIGKILL');
    }
  }

  it('checks a lock before each side effect: webhooks delivered twice to two agents act once', async () => {
    const before = await usage('make');
    const orders = Array.from({ length: 10 }, () => fresh('order'));
    const handle = async (by: OnceOnly, order: string): Promise<boolean> => {
      const { locked } = await by.checkLock(order, 86_400, { source: 'webhook' });
      if (locked) await doing('shipping', order);
      return locked;
    };
    const deliveries = [agent, newAgent()].map((by, i) =>
      Promise.all((i === 0 ? orders : orders.toReversed()).map((order) => handle(by, order))),
    );
    const acted = (await Promise.all(deliveries)).flat();

    expect(acted.filter(Boolean)).toHaveLength(orders.length);
    expect(done('shipping')).toEqual(orders.toSorted());
    await eventually('usage has both deliveries', async () => {
      const { usage: blocked, requests_total_month: requests } = await usage('make');
      return blocked === before.usage + orders.length && requests === before.requests_total_month + 2 * orders.length;
    });
    expect(await eventsOf(orders[0]!, 'locked')).toHaveLength(1);
    expect(await eventsOf(orders[0]!, 'duplicate')).toHaveLength(1);
  });

  it('reads the 409 of a server that is set so as a duplicate, since when it is one', async () => {
    const gateway = await tollgate().startProcess('gateway', { TOLLGATE_CHECK_LOCK_DUPLICATES: 'conflict' });
    const strict = new OnceOnly(tollgate().adminKey, tollgate().apiOf(gateway).base);
    const order = fresh('order');
    expect(await strict.checkLock(order)).toEqual(LOCKED);
    const told = await strict.checkLock(order);
    expect(told).toEqual({ ...(await agent.checkLock(order)), firstSeenAt: told.firstSeenAt });
    expect(told).toMatchObject({ locked: false, duplicate: true, firstSeenAt: expect.stringMatching(/Z$/) });
    expect(strict.transport.exchanges.map(({ answer }) => answer?.status)).toEqual([200, 409]);
    await gateway.stop();
  });

  it('loses the answer of a lock: as SDKs come it goes ahead, with repeats it takes the lock for another’s; never twice', async () => {
    for (const [repeats, acts] of [
      [0, 1],
      [3, 0],
    ] as const) {
      const order = fresh('order');
      const unlucky = newAgent({ repeats });
      line.loseAnswer('/check-lock');
      for (const by of [unlucky, agent]) if ((await by.checkLock(order)).locked) await doing('paying', order);
      expect(done('paying').filter((one) => one === order)).toHaveLength(acts);
      const { answer } = unlucky.transport.exchanges.at(repeats === 0 ? 0 : 1)!;
      expect(answer?.body.status).toBe(repeats === 0 ? undefined : 'duplicate');
    }
  });

  it('loses the answers of extend and complete, and its heartbeat lands behind the end: the result stands, once', async () => {
    const task = fresh('task');
    const worker = newAgent();
    // The first heartbeat is on its way until the work is done and said to be.
    const { promise: completed, resolve: letHeartbeatPass } = Promise.withResolvers<void>();
    line.hold('/ai/extend', completed);
    line.loseAnswer('/ai/complete');
    const result = await worker.ai.runFn(task, () => doing('reporting', task));
    letHeartbeatPass();
    expect(result).toMatchObject({ ok: true, status: 'completed', result: { task } });
    const late = () => worker.transport.exchanges.find(({ path, answer }) => path === '/ai/extend' && answer);
    await eventually('the heartbeat has landed', () => late() !== undefined);
    expect(late()?.answer).toMatchObject({ status: 409, body: { detail: { error: 'lease_finished' } } });
    const completions = worker.transport.exchanges.filter(({ path }) => path === '/ai/complete');
    expect(completions.map(({ answer }) => answer?.status)).toEqual([undefined, 200]);
    expect(await agent.ai.result(task)).toEqual(result);
    expect(await agent.ai.lease(task)).toMatchObject({
      status: 'completed',
      charged: 0,
      lease_id: null,
      result: { task },
    });
    expect(await eventsOf(task, 'ai_completed')).toHaveLength(1);
    expect(done('reporting')).toEqual([task]);
  });

  it('is one of a pool of workers, of which one is killed in mid-lease: another takes over, each task has one result', async () => {
    const before = await usage('ai');
    const tasks = Array.from({ length: 5 }, () => fresh('task'));
    const [lost] = tasks as [string];
    await killedInMidLease(lost);

    const pool = [newAgent(), newAgent()];
    const workOff = async (worker: OnceOnly): Promise<Json[]> => {
      const results: Json[] = [];
      for (const task of tasks) {
        const attempt = () => worker.ai.runFn(task, () => doing('working', task), { ttl: 30, extendEvery: 1 });
        let result = await attempt();
        // Whoever held it has not been heard of any more: it is to be had, or another has just taken it.
        while (result.error_code === 'timeout' || result.status === 'in_progress') result = await attempt();
        results.push(result);
      }
      return results;
    };
    const [results, others] = await Promise.all(pool.map(workOff));

    expect(results).toEqual(others);
    expect(results?.map(({ status, result }) => [status, result.task])).toEqual(
      tasks.map((task) => ['completed', task]),
    );
    expect(done('working')).toEqual(tasks.toSorted());
    const status = await agent.ai.status(lost);
    expect(status.version).toBeGreaterThan(2);
    await eventually('usage has each task once', async () => (await usage('ai')).usage === before.usage + tasks.length);
    const acquired = await eventsOf(lost, 'ai_acquired');
    expect(acquired.map(({ charged }) => charged)).toEqual([0, 1]);
    expect(await eventsOf(lost, 'ai_failed')).toMatchObject([{ error_code: 'timeout' }]);
    expect(await eventsOf(lost, 'ai_completed')).toHaveLength(1);
    // Nobody asked sooner than was told.
    for (const { transport } of pool) expectPolledAsTold(transport.exchanges);
  });
});
