import { isEnding, type EndingEvent } from '@tollgate/events';
import type { Simulation } from '../simulation.js';
import type { Entry } from '../journal-record.js';
import type { Seen } from '../sim-tools.js';
import { releasedBy, underOneKey } from './tools.js';
import type { Violation } from './violation.js';

/**
 * G1 as far as it can hold when the broker lost what it had acknowledged: nothing is sent that was not journaled; a key
 * is the one that the lease gave; and one that may have been used is used again only by who has lost what it knew of it.
 */
export const toolsActAsJournaled = (simulation: Simulation): Violation[] => [
  ...nothingWithoutAttempt(simulation),
  ...keysAreGiven(simulation),
  ...askedOnce(simulation),
  // Keys are remembered by the lease alone.
  ...(simulation.chaos.cutBacks.length === 1 ? underOneKey(simulation, askedAgainForLost(simulation)) : []),
];

/**
 * Its dispatcher does once more what it has forgotten, under its key; the lease, which knows that nothing was done, may have
 * given another by then. It may also end as not done what it has forgotten to have begun: what comes next has another key.
 */
function askedAgainForLost(simulation: Simulation): (seen: Seen) => boolean {
  const { record, tools } = simulation;
  const endings = new Map<string, EndingEvent>();
  for (const { event } of record.lost) if (isEnding(event)) endings.set(event.data.call.callId, event);
  const attemptOf = attemptsOf(simulation);
  const lost = new Set(record.lost);
  const first = new Map(tools.seen.toReversed().map((seen) => [seen.callId, seen]));
  return (seen) => {
    const attempt = attemptOf(seen);
    if (attempt !== undefined && lost.has(attempt)) return true;
    const ending = endings.get(seen.callId);
    if (ending === undefined) return false;
    // What had ended without being done may be done for the first time now.
    return ending.data.outcome.decision !== 'executed' || first.get(seen.callId) !== seen;
  };
}

/** What a request was begun by: its process's last attempt at the call before it. */
function attemptsOf({ record }: Simulation): (seen: Seen) => Entry | undefined {
  const ownerOf = new Map<string, string>();
  const attempts = new Map<string, Entry[]>();
  for (const entry of record.entries) {
    const { event, epoch } = entry;
    if (event.type === 'owner-changed') ownerOf.set(epoch, event.data.owner);
    if (event.type !== 'dispatch-started') continue;
    const { callId } = event.data.call;
    attempts.set(callId, [...(attempts.get(callId) ?? []), entry]);
  }
  return ({ callId, process, at }) =>
    attempts.get(callId)?.findLast((attempt) => ownerOf.get(attempt.epoch) === process && attempt.at <= at);
}

function nothingWithoutAttempt({ tools, record }: Simulation): Violation[] {
  const begun = new Map<string, number>();
  for (const { event } of record.entries) {
    if (event.type !== 'dispatch-started') continue;
    begun.set(event.data.call.callId, (begun.get(event.data.call.callId) ?? 0) + 1);
  }
  const sent = Map.groupBy(tools.seen, ({ callId }) => callId);
  return [...sent].flatMap(([callId, { length }]) =>
    length > (begun.get(callId) ?? 0)
      ? [{ guarantee: 'rule 10', what: `${callId} was sent ${length} times, its attempts were ${begun.get(callId)}` }]
      : [],
  );
}

function keysAreGiven({ tools, record }: Simulation): Violation[] {
  const given = new Set<string>();
  for (const { event } of record.entries) {
    if (event.type === 'lease-acquired') given.add(`${event.data.call.callId} ${event.data.grant.outgoingKey}`);
  }
  return tools.seen.flatMap(({ callId, key }) =>
    given.has(`${callId} ${key}`) ? [] : [{ guarantee: 'rule 8', what: `${callId} was sent under a key of nobody's` }],
  );
}

/** Where the tool says `hold`: once, once more for each word that it failed, and for each attempt that its journal lost. */
function askedOnce({ tools, scenario, chaos, record }: Simulation): Violation[] {
  const keyOf = new Map(tools.seen.map(({ callId, key }) => [callId, key]));
  const allowed = new Map<string, number>();
  const allow = (callId: string | undefined): void => {
    const key = callId === undefined ? undefined : keyOf.get(callId);
    if (key !== undefined) allowed.set(key, (allowed.get(key) ?? 1) + 1);
  };
  for (const { event } of record.entries) allow(releasedBy(event));
  for (const { event } of record.lost) if (event.type === 'dispatch-started') allow(event.data.call.callId);
  const asked = Map.groupBy(
    tools.seen.filter(({ said, tool, tenant }) => {
      const holds = scenario.tools.some(({ name, onUnknown }) => name === tool && onUnknown === 'hold');
      return holds && !chaos.changedTools.has(`${tenant} ${tool}`) && said !== 'tool_error' && said !== 'refused';
    }),
    ({ key }) => key,
  );
  return [...asked].flatMap(([key, requests]) =>
    requests.length > (allowed.get(key) ?? 1)
      ? [{ guarantee: 'G1', what: `${requests.length} requests under ${key.slice(0, 10)}` }]
      : [],
  );
}
