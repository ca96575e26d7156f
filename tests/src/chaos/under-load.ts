import { eventually, type Answer, type Installation } from '../harness/index.js';
import { Load, type Wish } from './load.js';

const CLIENTS = 16;
const SOME = 30;
const TOOL_WORKS_MS = 20;
let agents = 0;

/**
 * Clients call a tool that takes its time while `disaster` happens among their calls, and go on for some calls after it.
 * Answers what they were told; each of them was satisfied in the end.
 */
export async function underLoad(
  tollgate: Installation,
  tool: string,
  disaster: () => Promise<void>,
): Promise<readonly Wish[]> {
  const agent = `client-${++agents}`;
  const load = Load.start(CLIENTS, (n) => anyGateway(tollgate, { agent_id: agent, tool, args: { n } }, n));
  await eventually('calls are under way', () => load.answered >= SOME);
  await disaster();
  const before = load.answered;
  await eventually('calls go on', () => load.answered >= before + SOME, 20_000).finally(() => load.stop());
  const wishes = await load.stop();
  expect(wishes.filter(({ last }) => last?.status !== 200)).toEqual([]);
  return wishes;
}

/**
 * A tool for {@link underLoad}: slow enough that some calls are at it whenever something dies. Where a dispatcher dies,
 * the timeout is also how long its calls are waited for.
 */
export async function registerSlowTool(tollgate: Installation, name: string, timeoutMs = 10_000): Promise<void> {
  await tollgate.register(name, { timeout_ms: timeoutMs });
  tollgate.tool.on(name, async (received, response) => {
    await new Promise((resolve) => setTimeout(resolve, TOOL_WORKS_MS));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ done: received.body.args }));
  });
}

/** Rejects like a broken connection when no gateway is running at the moment. */
async function anyGateway(tollgate: Installation, call: Record<string, unknown>, n: number): Promise<Answer> {
  const { gateways } = tollgate;
  return tollgate.apiOf(gateways[n % Math.max(1, gateways.length)]).run(call);
}

/** The answers of all clients, for {@link expectEachCallEndedOnce}. */
export const toldTo = (wishes: readonly Wish[]): readonly Answer[] => wishes.flatMap(({ answers }) => answers);

/** How often each reason was the last word to a client. */
export const reasonsOf = (wishes: readonly Wish[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(wishes, ({ last }) => String(last?.body.policy_reason))].map(([reason, all]) => [
      reason,
      all.length,
    ]),
  );
