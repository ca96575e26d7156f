import type { TollgateEvent } from '@tollgate/events';
import type { Simulation } from '../simulation.js';
import { LIMITS } from '../sim-stage.js';
import type { Seen } from '../sim-tools.js';
import type { Violation } from './violation.js';

/** How far behind its deadline a request may be sent: what a clock may be off until its owner notices. */
const CLOCK_MS = 2_500;

/** G1, as the tools saw it. */
export const toolsActOnce = (simulation: Simulation): Violation[] => [
  ...underOneKey(simulation),
  ...calledOnce(simulation),
  ...withinRetries(simulation),
  ...withinDeadline(simulation),
  ...withinPlaces(simulation),
];

/** By then calls have ended whose window is to last over all of a run. */
const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;

/** Its window lasts over all of the run; a caller's own idempotency key holds for a day where the tool does not deduplicate. */
function lastsAllRun({ scenario }: Simulation, { tool }: Seen, underKey: boolean): boolean {
  const days = scenario.ages.reduce((sum, age) => sum + age, scenario.month ? Infinity : 0);
  const window = scenario.tools.find(({ name }) => name === tool)?.dedupWindowSec ?? 0;
  return (underKey && window === 0 ? DAY_SEC : window) > days * DAY_SEC + HOUR_SEC;
}

/** Within its window a tool does one thing under one key, whatever became of it. */
export function underOneKey(simulation: Simulation, isExcused = (_: Seen): boolean => false): Violation[] {
  const { tools, calls, record } = simulation;
  const asked = new Map<string, { args: string; idempotencyKey?: string }>([
    ...calls.map((call) => [call.callId, call] as const),
    ...record.actions,
  ]);
  const keys = new Map<string, Set<string>>();
  for (const seen of tools.seen) {
    const { args, idempotencyKey } = asked.get(seen.callId) ?? {};
    if (!seen.acted || isExcused(seen) || !lastsAllRun(simulation, seen, idempotencyKey !== undefined)) continue;
    const what = `${seen.tenant} ${seen.agent} ${seen.tool}(${idempotencyKey ?? args})`;
    keys.set(what, (keys.get(what) ?? new Set()).add(seen.key));
  }
  return [...keys].flatMap(([what, { size }]) =>
    size > 1 ? [{ guarantee: 'G1', what: `${what} was done under ${size} keys` }] : [],
  );
}

/**
 * Where the tool says `hold`, nothing is sent again under a key once a request may have been done: an operator's word that
 * it failed allows one more, and so does a tool that says no itself.
 */
function calledOnce({ tools, scenario, chaos, record }: Simulation): Violation[] {
  const released = new Map<string, number>();
  for (const { event } of record.entries) {
    const callId = releasedBy(event);
    const key = callId && tools.seen.find((seen) => seen.callId === callId)?.key;
    if (key !== undefined) released.set(key, (released.get(key) ?? 0) + 1);
  }
  const asked = new Map<string, Seen[]>();
  for (const seen of tools.seen) {
    const { onUnknown } = scenario.tools.find(({ name }) => name === seen.tool) ?? {};
    if (onUnknown !== 'hold' || chaos.changedTools.has(`${seen.tenant} ${seen.tool}`)) continue;
    if (seen.said === 'tool_error' || seen.said === 'refused') continue;
    asked.set(seen.key, [...(asked.get(seen.key) ?? []), seen]);
  }
  return [...asked].flatMap(([key, requests]) => {
    const allowed = 1 + (released.get(key) ?? 0);
    const calls = requests.map(({ callId }) => callId).join(', ');
    return requests.length > allowed
      ? [{ guarantee: 'G1', what: `${requests.length} requests under ${key.slice(0, 10)}: ${calls}` }]
      : [];
  });
}

/** A call is sent once, and at most `max_retries` times more. */
function withinRetries({ tools, scenario, chaos }: Simulation): Violation[] {
  const most = new Map(scenario.tools.map(({ name, maxRetries }) => [name, 1 + maxRetries]));
  const unchanged = tools.seen.filter(({ tenant, tool }) => !chaos.changedTools.has(`${tenant} ${tool}`));
  return [...Map.groupBy(unchanged, ({ callId }) => callId)].flatMap(([callId, { length, 0: first }]) =>
    length > (most.get(first?.tool ?? '') ?? 0)
      ? [{ guarantee: 'G1', what: `${callId} was sent ${length} times, more often than max_retries allows` }]
      : [],
  );
}

/** The call whose key may be used again: an operator said that it failed, or its hold is over after 30 days. */
export function releasedBy(event: TollgateEvent): string | undefined {
  if (event.type === 'hold-ended') return event.data.callId;
  return event.type === 'resolved' && event.data.outcome.decision !== 'executed' ? event.data.call.callId : undefined;
}

/** Rule 5: after its deadline nothing of a call is sent, nor asked about it. */
function withinDeadline({ tools, record, chaos }: Simulation): Violation[] {
  if (chaos.clocksWereSet) return [];
  const deadlines = new Map<string, number>();
  for (const { event } of record.entries) {
    if (event.type === 'policy-passed') deadlines.set(event.data.call.callId, event.data.call.deadline);
  }
  return [...tools.seen, ...tools.asked].flatMap(({ callId, at }) => {
    const late = at - (deadlines.get(callId) ?? Infinity);
    return late > CLOCK_MS
      ? [{ guarantee: 'rule 5', what: `${callId} was sent ${Math.round(late)} ms after its deadline` }]
      : [];
  });
}

/** Rule 13: a process calls a tool so often at once. After a change of owners its old requests may still be under way. */
function withinPlaces({ tools, record, chaos }: Simulation): Violation[] {
  // A clock set forward ends attempts early: their requests are still under way when their places are given to others.
  if (chaos.clocksWereSet) return [];
  const lives = new Map<string, number>();
  for (const { journal, event } of record.entries) {
    if (journal !== 'dispatch' || event.type !== 'owner-changed') continue;
    lives.set(event.data.owner, (lives.get(event.data.owner) ?? 0) + 1);
  }
  return tools.seen.flatMap(({ process, tool, atOnce }) =>
    atOnce > LIMITS.perTool * (lives.get(process) ?? 1)
      ? [{ guarantee: 'rule 13', what: `${tool} was called ${atOnce} times at once` }]
      : [],
  );
}
