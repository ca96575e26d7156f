import type { ServiceName } from '@tollgate/runtime';
import { eventually, Installation } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import type { Relay } from './relay.js';
import type { StageKind } from './fault-points.js';
import { recordOf, simulationsVerdict, type RealRun } from './simulations-verdict.js';
import { Traffic, type Asked } from './traffic.js';

const TOOL = { name: 'slow', timeoutMs: 2_000 };
const TOOL_WORKS_MS = 20;
const SOME = 30;
/** Of an agent that may do less than it asks for. */
const CAPPED = { agent: 'capped', everyMs: 150, actions: 60 };

const STAGES = ['policy', 'lease', 'budget', 'dispatcher'] as const;
const OTHERS = ['gateway', 'audit'] as const;
type Fate<Kind extends string> = (tollgate: Installation, kind: Kind) => Promise<Relay>;

/** Processes that will meet their fates once calls come; one gateway stays for those who call. */
export async function startDoomed(
  tollgate: Installation,
  ofStage: Fate<StageKind>,
  ofOther: Fate<ServiceName>,
): Promise<readonly Relay[]> {
  const relays = await Promise.all([
    ...STAGES.map((stage) => ofStage(tollgate, stage)),
    ...OTHERS.map((kind) => ofOther(tollgate, kind)),
  ]);
  await tollgate.startProcess('gateway');
  await tollgate.ready();
  await tollgate.register(TOOL.name, { timeout_ms: TOOL.timeoutMs });
  await tollgate.policy(CAPPED.agent, { max_actions_per_hour: CAPPED.actions });
  tollgate.tool.on(TOOL.name, async ({ body }, response) => {
    await new Promise((resolve) => setTimeout(resolve, TOOL_WORKS_MS));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ done: body.call_id }));
  });
  return relays;
}

/** Without any process yet. */
export const installationToDoom = (): Promise<Installation> =>
  Installation.start({ bare: true, env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '8000' } });

/** Everybody meets its fates among calls; then the journals, the tool, the stores and the simulation's checks are asked. */
export async function expectEveryGuarantee(tollgate: Installation, relays: readonly Relay[]): Promise<void> {
  const traffic = new Traffic(tollgate, 'client', TOOL.name);
  const capped = new Traffic(tollgate, CAPPED.agent, TOOL.name, CAPPED.everyMs);
  let unhappy: readonly number[] = [];
  try {
    await Promise.all(relays.map((relay) => relay.run()));
    await Promise.all(relays.map((relay) => relay.takeOver?.()));
    const before = traffic.answered;
    await eventually('calls go on', () => traffic.answered >= before + SOME, 30_000);
  } finally {
    unhappy = (await Promise.all([traffic.stop(), capped.stop()])).flat();
  }
  expect(unhappy).toEqual([]);
  const asked = [...traffic.asked, ...capped.asked];
  const answers = asked.flatMap(({ answer }) => answer ?? []);
  await expectEachCallEndedOnce(tollgate, answers);
  expect(answers.map(({ body }) => body?.policy_reason)).toContain('max_actions_per_hour_exceeded');
  expectNothingDoneTwice(tollgate.tool.received);
  const run = await recordOf(tollgate, asked, TOOL);
  expect(simulationsVerdict(run)).toEqual([]);
  for (const [promise, worse] of Object.entries(WORSE)) {
    const broken = new Set(simulationsVerdict(worse(run)).map(({ guarantee }) => guarantee));
    expect({ promise, isSeen: broken.has(promise) }).toEqual({ promise, isSeen: true });
  }
}

const rewritten = (run: RealRun, what: string, by: string): RealRun => ({
  ...run,
  stored: run.stored.map(({ stream, message }) => {
    const text = new TextDecoder().decode(message.data).replaceAll(what, by);
    return { stream, message: { ...message, data: new TextEncoder().encode(text) } };
  }),
});

/** The same run, had a promise been broken: the verdict would have said so. */
const WORSE: Readonly<Record<string, (run: RealRun) => RealRun>> = {
  G1: (run) => ({ ...run, received: [...run.received, ...run.received.slice(0, 1)] }),
  G2: (run) => ({ ...run, stored: withoutLast(run.stored, '"type":"executed"') }),
  G3: (run) => {
    const { actions } = CAPPED;
    return rewritten(run, `"maxActionsPerHour":${actions}`, `"maxActionsPerHour":${actions - 1}`);
  },
  'rule 16': (run) => ({ ...run, stored: run.stored.toReversed() }),
  'rule 2': (run) => ({ ...run, asked: run.asked.map(told('executed', 'blocked')) }),
};

function withoutLast(stored: RealRun['stored'], what: string): RealRun['stored'] {
  const at = stored.findLastIndex(({ message }) => new TextDecoder().decode(message.data).includes(what));
  return stored.filter((_, i) => i !== at);
}

/** Somebody is told another decision. */
const told =
  (decision: string, instead: string) =>
  (asked: Asked): Asked =>
    asked.answer?.body?.decision === decision
      ? { ...asked, answer: { ...asked.answer, body: { ...asked.answer.body, decision: instead } } }
      : asked;
