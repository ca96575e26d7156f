import type { ServiceName } from '@tollgate/runtime';
import { eventually, Installation } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import type { Relay } from './relay.js';
import type { StageKind } from './fault-points.js';
import { recordOf, simulationsVerdict } from './simulations-verdict.js';
import { Traffic } from './traffic.js';

const TOOL = { name: 'slow', timeoutMs: 2_000 };
const TOOL_WORKS_MS = 20;
const SOME = 30;

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
  let unhappy: readonly number[] = [];
  try {
    await Promise.all(relays.map((relay) => relay.run()));
    const before = traffic.answered;
    await eventually('calls go on', () => traffic.answered >= before + SOME, 30_000);
  } finally {
    unhappy = await traffic.stop();
  }
  expect(unhappy).toEqual([]);
  const told = traffic.asked.flatMap(({ answer }) => answer ?? []);
  await expectEachCallEndedOnce(tollgate, told);
  expectNothingDoneTwice(tollgate.tool.received);
  const run = await recordOf(tollgate, traffic.asked, TOOL);
  expect(simulationsVerdict(run)).toEqual([]);
  // It would have said so.
  const twice = simulationsVerdict({ ...run, received: [...run.received, ...run.received.slice(0, 1)] });
  expect(twice.map(({ guarantee }) => guarantee)).toContain('G1');
}
