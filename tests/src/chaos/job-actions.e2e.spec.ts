import { eventually, Installation } from '../harness/index.js';
import { expectNothingDoneTwice } from './ended-once.js';
import { POINTS_ON_OCCASION } from './fault-points.js';
import { WITHIN_MS } from './relay.js';
import { standsStill } from './stands-still.js';

/** Rule 18: an action of a job is put into CALLS by a process that dies or stands still before or behind it, and again by the next. */
describe('an action of a job', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({ bare: true, env: { LOG_LEVEL: 'warn' } });
    const others = ['gateway', 'policy', 'budget', 'dispatcher', 'audit'] as const;
    await Promise.all(others.map((kind) => tollgate.startProcess(kind)));
  });
  afterAll(() => tollgate.stop());

  it.each(
    POINTS_ON_OCCASION.lease.flatMap((point) => (['kill', 'stop'] as const).map((fate) => [fate, point] as const)),
  )('is done once, and its job goes on, whose stage meets a %s at %s', async (fate, point) => {
    const doomed = await tollgate.startProcess('lease', { TOLLGATE_FAULTS: `${point}:1=${fate}` });
    await eventually('it owns', () => doomed.owns('lease').includes(0), WITHIN_MS);
    const next = await tollgate.startProcess('lease');
    await tollgate.ready();
    const tool = `${fate}-${point}`;
    await tollgate.register(tool);
    const job = {
      key: tool,
      metadata: {
        agent_id: 'worker',
        actions: [
          { tool, args: { n: 1 } },
          { tool, args: { n: 2 } },
        ],
      },
    };
    // The answer may be lost with the process; then the same is asked again.
    const ask = () => tollgate.api.send('POST', '/v1/ai/run', { body: job, headers: { 'idempotency-key': tool } });
    await eventually('the job is taken', async () => (await ask()).body?.status === 'acquired', WITHIN_MS);

    await eventually('it meets its fate', () => doomed.hasExited || standsStill(doomed), WITHIN_MS);
    await eventually('another owns', () => next.owns('lease').includes(0), WITHIN_MS);
    doomed.signal('SIGCONT');
    const result = async () => (await tollgate.api.get(`/v1/ai/result?key=${tool}`)).body;
    await eventually('the job ends', async () => (await result()).status !== 'in_progress', WITHIN_MS);

    const executed = { tool, decision: 'executed' };
    expect(await result()).toMatchObject({ status: 'completed', result: { results: [executed, executed] } });
    expect(tollgate.tool.at(tool).map(({ body }) => body['args'])).toEqual([{ n: 1 }, { n: 2 }]);
    expectNothingDoneTwice(tollgate.tool.received);
    await Promise.all([doomed.stop(), next.stop()]);
  });
});
