import { answer, eventually, Installation, type Answer, type Received } from '../harness/index.js';
import { expectEachCallEndedOnce } from './ended-once.js';

const CALLS = 300;
const CAP = 100;
const PRICE = 0.01;

interface Cap {
  readonly reason: string;
  readonly policy: (tool: string) => Record<string, unknown>;
  /** Whether a tool's own error leaves the call counted (contract 3.1: the money comes back, the counts do not). */
  readonly countsErrors: boolean;
  /** The cap in its own unit. */
  readonly limit: number;
}

const priced = (tool: string) => ({ pricing_rules: [{ tool, price_usd: PRICE }] });
const CAPS: readonly (Cap & { readonly kind: string })[] = [
  {
    kind: 'hour',
    reason: 'max_actions_per_hour_exceeded',
    policy: (tool) => ({ max_actions_per_hour: CAP, ...priced(tool) }),
    countsErrors: true,
    limit: CAP,
  },
  {
    kind: 'calls-of-a-tool',
    reason: 'max_calls_per_tool_exceeded',
    policy: (tool) => ({ max_calls_per_tool: { [tool]: CAP }, ...priced(tool) }),
    countsErrors: true,
    limit: CAP,
  },
  {
    kind: 'spend-of-a-day',
    reason: 'max_spend_usd_per_day_exceeded',
    policy: (tool) => ({ max_spend_usd_per_day: CAP * PRICE, ...priced(tool) }),
    countsErrors: false,
    limit: CAP * PRICE,
  },
];

/** G3: whatever comes at once, fails or dies, what is admitted fills each cap exactly. */
describe('300 calls at once against a cap', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({ layout: 'each', env: { LOG_LEVEL: 'warn' } });
    await tollgate.startProcess('gateway');
    await tollgate.ready();
  });
  afterAll(() => tollgate.stop());

  it.each(CAPS)('through two gateways fill it exactly ($kind)', async (cap) => {
    const agent = await prepared(`plain-${cap.kind}`, cap);
    const answers = await callAtOnce(agent, CALLS);

    expect(counts(answers)).toEqual({ executed: CAP, [cap.reason]: CALLS - CAP });
    expect(tollgate.tool.at(agent)).toHaveLength(CAP);
    expectFull(answers, cap);
  });

  it.each(CAPS)('fill it exactly though a third of what the tool gets fails ($kind)', async (cap) => {
    const agent = await prepared(`failing-${cap.kind}`, cap);
    const admitted = mostAdmitted();
    tollgate.tool.on(agent, async (received, response) => {
      const third = numberOf(received) % 3;
      const status = third !== 0 ? 200 : numberOf(received) % 2 === 0 ? 500 : 429;
      await admitted.during(() => pause(5), holds(cap, status));
      await answer(status, {})(received, response);
    });
    await callAtOnce(agent, CALLS);
    expect(admitted.most).toBeLessThanOrEqual(CAP);

    // What was given back can be used again, and no more than that.
    const filled = await fill(agent, cap);
    const held = tollgate.tool.at(agent).filter((received) => holds(cap, statusOf(received, filled.from)));
    expect(held).toHaveLength(CAP);
    expectFull([filled.blocked], cap);
  });

  it.each(CAPS)('fill it exactly though the owner of the budget is killed among them ($kind)', async (cap) => {
    const agent = await prepared(`killed-${cap.kind}`, cap);
    await tollgate.startProcess('budget');
    await eventually('the budget is owned', () => tollgate.owners('budget').length === 1);
    const [owner] = tollgate.owners('budget');
    let killed: Promise<void> | undefined;
    tollgate.tool.on(agent, async (received, response) => {
      if (tollgate.tool.at(agent).length === 30) killed = owner!.kill();
      await pause(5);
      await answer(numberOf(received) % 3 === 0 ? 500 : 200)(received, response);
    });
    const answers = await callAtOnce(agent, CALLS);
    await killed;
    expect(answers.filter(({ status }) => status !== 200).map(({ status, body }) => ({ status, body }))).toEqual([]);

    const filled = await fill(agent, cap);
    const held = tollgate.tool.at(agent).filter((received) => holds(cap, statusOf(received, filled.from, 500)));
    expect(held).toHaveLength(CAP);
    expectFull([filled.blocked], cap);
    await expectEachCallEndedOnce(tollgate, answers);
  });

  /** An agent with this cap and a tool of its own, both of this name. */
  async function prepared(name: string, cap: Cap): Promise<string> {
    await tollgate.register(name, { max_retries: 0 });
    await tollgate.policy(name, cap.policy(name));
    return name;
  }

  function callAtOnce(agent: string, calls: number): Promise<Answer[]> {
    const apis = tollgate.gateways.map((gateway) => tollgate.apiOf(gateway));
    const call = (n: number) => apis[n % apis.length]!.run({ agent_id: agent, tool: agent, args: { n } });
    return Promise.all(Array.from({ length: calls }, (_, n) => call(n)));
  }

  /** Calls of a tool that works now, one after the other, until the cap refuses one. */
  async function fill(agent: string, { reason }: Cap): Promise<{ blocked: Answer; from: number }> {
    tollgate.tool.on(agent, answer(200, {}));
    for (let n = CALLS; n < 3 * CALLS; n++) {
      const one = await tollgate.api.run({ agent_id: agent, tool: agent, args: { n } });
      if (one.body.decision === 'blocked') {
        expect(one.body.policy_reason).toBe(reason);
        return { blocked: one, from: CALLS };
      }
      expect(one.body.decision).toBe('executed');
    }
    throw new Error(`the cap of ${agent} never refused`);
  }
});

const numberOf = ({ body }: Received): number => (body.args as { n: number }).n;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the tool answered to this request: from `worksFrom` on it works. */
function statusOf(received: Received, worksFrom: number, odd = 429): number {
  const n = numberOf(received);
  if (n >= worksFrom || n % 3 !== 0) return 200;
  return n % 2 === 0 ? 500 : odd;
}

/** Whether a call that the tool answered so stays counted against the cap. */
const holds = ({ countsErrors }: Cap, status: number): boolean => status === 200 || (status === 500 && countsErrors);

function counts(answers: readonly Answer[]): Record<string, number> {
  const words = answers.map(({ body }) => (body.decision === 'blocked' ? body.policy_reason : body.decision));
  return Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
}

/** Every refusal says the cap, and that nothing of it was left. */
function expectFull(answers: readonly Answer[], { limit }: Cap): void {
  const refusals = answers.filter(({ body }) => body.decision === 'blocked').map(({ body }) => body);
  expect(refusals.filter((one) => one.limit !== limit || one.remaining !== 0 || !(one.retry_after_sec > 0))).toEqual(
    [],
  );
  expect(refusals.length).toBeGreaterThan(0);
}

/** How much of a cap was in use at the tool at most: under way, or done and kept. */
function mostAdmitted() {
  let now = 0;
  const counted = {
    most: 0,
    during: async (work: () => Promise<void>, keeps: boolean): Promise<void> => {
      counted.most = Math.max(counted.most, ++now);
      await work();
      if (!keeps) now -= 1;
    },
  };
  return counted;
}
