import { openRedis, outcomeKey } from '@tollgate/store';
import { eventually, Installation, type Answer } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { reasonsOf, registerSlowTool, toldTo, underLoad } from './under-load.js';

const CAP = 60;

/** G5: Redis holds a projection. Without it calls go on, dedup and caps stay exact, and it comes back by itself. */
describe('calls go on, dedup and caps exact, and what Redis serves comes back by itself when it is', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({ env: { LOG_LEVEL: 'warn' } });
    await registerSlowTool(tollgate, 'slow');
    await tollgate.register('capped');
  });
  afterAll(() => tollgate.stop());

  const signal = (name: NodeJS.Signals): void => void tollgate.redis.process.kill(name);
  const flush = (): Promise<unknown> => withRedis((redis) => redis.flushall());

  it.each<{ what: string; lose: () => Promise<unknown>; bringBack: () => Promise<unknown> }>([
    { what: 'wiped', lose: flush, bringBack: () => Promise.resolve() },
    {
      what: 'stopped',
      lose: () => Promise.resolve(signal('SIGSTOP')),
      bringBack: () => Promise.resolve(signal('SIGCONT')),
    },
    {
      what: 'killed',
      lose: () => Promise.resolve(signal('SIGKILL')),
      bringBack: () => tollgate.startAgain('redis'),
    },
  ])(
    '$what',
    async ({ what, lose, bringBack }) => {
      await tollgate.policy(what, { max_actions_per_hour: CAP });
      const before = await callOnce(what, 0, 20);
      const wishes = await underLoad(tollgate, 'slow', async () => {
        await lose();
        // As many as before Redis was lost, the same again, and more than are left.
        expect(decisionsOf(await callOnce(what, 0, 20))).toEqual({ dedup: 20 });
        expect(decisionsOf(await callOnce(what, 20, 70))).toEqual({ executed: 40, blocked: 10 });
        await bringBack();
      });

      expect(reasonsOf(wishes)).toEqual({ ok: wishes.length });
      expect(decisionsOf(await callOnce(what, 0, 20))).toEqual({ dedup: 20 });
      expect(tollgate.tool.at('capped').filter(({ body }) => body.agent_id === what)).toHaveLength(CAP);
      expectNothingDoneTwice(tollgate.tool.received);
      await expectServed([...before, ...wishes.slice(-1).flatMap(({ answers }) => answers)]);
      await expectEachCallEndedOnce(tollgate, toldTo(wishes));
    },
    40_000,
  );

  /** Calls of the capped tool with arguments `from` to `to`, at once. */
  function callOnce(agent: string, from: number, to: number): Promise<Answer[]> {
    const numbers = Array.from({ length: to - from }, (_, n) => from + n);
    return Promise.all(numbers.map((n) => tollgate.api.run({ agent_id: agent, tool: 'capped', args: { n } })));
  }

  /** The outcomes of these calls are in Redis, also of those from before it was lost. */
  async function expectServed(answers: readonly Answer[]): Promise<void> {
    const keys = answers.map(({ body }) => outcomeKey('default', body.call_id));
    await eventually(
      'every outcome is in Redis again',
      () => withRedis(async (redis) => (await redis.exists(...keys)) === keys.length),
      10_000,
      100,
    );
  }

  async function withRedis<T>(work: (redis: ReturnType<typeof openRedis>) => Promise<T>): Promise<T> {
    const redis = openRedis(tollgate.redis.url, { name: 'test', timeoutMs: 2_000 });
    try {
      await eventually('Redis answers', () => redis.status === 'ready');
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }
});

const decisionsOf = (answers: readonly Answer[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(answers, ({ body }) => String(body.decision))].map(([decision, all]) => [decision, all.length]),
  );
