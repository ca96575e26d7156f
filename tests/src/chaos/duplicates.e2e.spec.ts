import { answer, Installation, type Answer, type Received } from '../harness/index.js';

/** G1: for one tenant, agent, tool and arguments the tool is called once, however many ask at once. */
describe('identical calls at once', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start();
    await tollgate.startProcess('gateway');
  });
  afterAll(() => tollgate.stop());

  /** The same call so often at once, through two gateways. */
  function atOnce(times: number, call: Record<string, unknown>): Promise<Answer[]> {
    const [first, second] = tollgate.gateways.map((gateway) => tollgate.apiOf(gateway));
    return Promise.all(Array.from({ length: times }, (_, n) => (n % 2 === 0 ? first : second)!.run(call)));
  }
  const decisions = (answers: readonly Answer[]): string[] => answers.map(({ body }) => body.decision).sort();

  it('reach the tool once: one is executed, nineteen are told its result', async () => {
    await tollgate.register('charge');
    tollgate.tool.on('charge', later(150, answer(200, { receipt: 'r-1' })));
    const answers = await atOnce(20, { agent_id: 'a', tool: 'charge', args: { amount: 100 } });

    expect(tollgate.tool.at('charge')).toHaveLength(1);
    expect(decisions(answers)).toEqual([...Array.from({ length: 19 }, () => 'dedup'), 'executed']);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.result)))).toEqual(new Set(['{"receipt":"r-1"}']));
    const executed = answers.find(({ body }) => body.decision === 'executed')?.body.call_id;
    const originals = answers.filter(({ body }) => body.decision === 'dedup').map(({ body }) => body.original_call_id);
    expect(new Set(originals)).toEqual(new Set([executed]));
  });

  it('take over in turn while the tool fails, never two at the tool, and share the first result', async () => {
    await tollgate.register('flaky');
    const tool = oneAtATime();
    tollgate.tool.on('flaky', async (received, response) => {
      const turn = tollgate.tool.at('flaky').length;
      await tool.during(50, () => answer(turn <= 5 ? 500 : 200, { turn })(received, response));
    });
    const answers = await atOnce(11, { agent_id: 'a', tool: 'flaky', args: { amount: 1 } });

    expect(tool.most).toBe(1);
    expect(tollgate.tool.at('flaky')).toHaveLength(6);
    expect(decisions(answers)).toEqual([...repeated(5, 'dedup'), 'executed', ...repeated(5, 'failed')]);
    expect(results(answers, 'dedup')).toEqual(repeated(5, { turn: 6 }));
    expect(results(answers, 'failed')).toEqual(repeated(5, { error: 'tool_error', status: 500 }));
    // Each was a known failure, so each of them is a new action to the tool.
    expect(new Set(tollgate.tool.at('flaky').map(keyOf)).size).toBe(6);
  });

  it('take over until none is left when the tool never succeeds', async () => {
    await tollgate.register('broken');
    const tool = oneAtATime();
    tollgate.tool.on('broken', (received, response) => tool.during(20, () => answer(500)(received, response)));
    const answers = await atOnce(11, { agent_id: 'a', tool: 'broken', args: {} });

    expect(tool.most).toBe(1);
    expect(decisions(answers)).toEqual(repeated(11, 'failed'));
    expect(new Set(tollgate.tool.at('broken').map(({ body }) => body.call_id)).size).toBe(11);
  });

  it('share an unknown outcome: nobody takes over what may have been done', async () => {
    await tollgate.register('dropping');
    tollgate.tool.on(
      'dropping',
      later(100, (_received, response) => void response.destroy()),
    );
    const answers = await atOnce(11, { agent_id: 'a', tool: 'dropping', args: {} });

    expect(tollgate.tool.at('dropping')).toHaveLength(1);
    expect(answers.map(({ body }) => body.policy_reason)).toEqual(repeated(11, 'outcome_unknown'));
  });
});

const repeated = <T>(times: number, what: T): T[] => Array.from({ length: times }, () => what);
const keyOf = ({ body }: Received): string => body.idempotency_key;
const results = (answers: readonly Answer[], decision: string): unknown[] =>
  answers.filter(({ body }) => body.decision === decision).map(({ body }) => body.result);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const later =
  (ms: number, behaviour: ReturnType<typeof answer>): ReturnType<typeof answer> =>
  async (received, response) => {
    await pause(ms);
    await behaviour(received, response);
  };

/** Counts how many are at the tool at the same time. */
function oneAtATime() {
  let now = 0;
  const counted = {
    most: 0,
    during: async (ms: number, work: () => void | Promise<void>): Promise<void> => {
      counted.most = Math.max(counted.most, ++now);
      await pause(ms);
      await work();
      now -= 1;
    },
  };
  return counted;
}
