import { isEnding, type EndingEvent } from '@tollgate/events';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/**
 * A tool that can be asked, and says the truth, acts once though it knows nothing of keys: nothing is sent again unless it
 * has said that it did not act (G1), and a call ends as what the tool did (rule 7). Not where an operator said otherwise,
 * or somebody changed the tool.
 */
export function askedToolsActOnce(simulation: Simulation): Violation[] {
  const { scenario, chaos } = simulation;
  const isAsked = (tenant: string, tool: string): boolean =>
    scenario.tools.some(({ name, onUnknown }) => name === tool && onUnknown === 'reconcile') &&
    !chaos.changedTools.has(`${tenant} ${tool}`);
  return [
    ...actedTwice(simulation, isAsked),
    ...endedOtherwise(simulation, isAsked),
    ...answersWereSaid(simulation),
    ...askedTooOften(simulation),
  ];
}

type IsAsked = (tenant: string, tool: string) => boolean;

function actedTwice({ tools, record }: Simulation, isAsked: IsAsked): Violation[] {
  const keyOf = new Map(tools.seen.map(({ callId, key }) => [callId, key]));
  const allowed = new Map<string, number>();
  for (const { event } of record.entries) {
    const callId = releasedByHand(event);
    const key = callId === undefined ? undefined : keyOf.get(callId);
    if (key !== undefined) allowed.set(key, (allowed.get(key) ?? 1) + 1);
  }
  const acted = tools.seen.filter((seen) => seen.acted && isAsked(seen.tenant, seen.tool));
  return [...Map.groupBy(acted, ({ key }) => key)].flatMap(([key, { length }]) =>
    length > (allowed.get(key) ?? 1)
      ? [{ guarantee: 'G1', what: `a tool that can be asked acted ${length} times under ${key.slice(0, 10)}` }]
      : [],
  );
}

type Recorded = Simulation['record']['entries'][number]['event'];

/** An operator said that it failed, or its hold is over: nobody asks the tool before the next call. */
function releasedByHand(event: Recorded): string | undefined {
  if (event.type === 'hold-ended') return event.data.callId;
  const failed = event.type === 'resolved' && event.data.by !== undefined && event.data.outcome.decision !== 'executed';
  return failed ? event.data.call.callId : undefined;
}

function endedOtherwise({ tools, record }: Simulation, isAsked: IsAsked): Violation[] {
  const acted = tools.seen.filter((seen) => seen.acted);
  const keyOf = new Map(tools.seen.map(({ callId, key }) => [callId, key]));
  const endings = record.entries.flatMap(({ journal, event }) =>
    journal === 'dispatch' && isEnding(event) ? [event] : [],
  );
  return endings.flatMap((event): Violation[] => {
    const { callId, tool } = event.data.call;
    if (!isAsked(event.tenant, tool) || event.type === 'in-doubt' || byHand(event)) return [];
    const executed = event.data.outcome.decision === 'executed';
    const did = acted.some((seen) => (executed ? seen.key === keyOf.get(callId) : seen.callId === callId));
    return did === executed
      ? []
      : [{ guarantee: 'rule 7', what: `${callId} ended ${event.type}, and its tool ${did ? 'acted' : 'did not act'}` }];
  });
}

/** What the journal says that the tool said, it said. */
const answersWereSaid = ({ tools, record }: Simulation): Violation[] =>
  record.entries.flatMap(({ event }) => {
    if (event.type !== 'reconcile-answered' || event.data.says === 'unknown') return [];
    const { call, says } = event.data;
    return tools.asked.some(({ callId, said }) => callId === call.callId && said === says)
      ? []
      : [{ guarantee: 'rule 7', what: `${call.callId} is ${says} by the journal, which its tool never said` }];
  });

/** As often as `max_retries` behind each attempt; and once more for each owner who had to ask again. */
function askedTooOften({ tools, record, scenario }: Simulation): Violation[] {
  const attempts = new Map<string, number>();
  let owners = 0;
  for (const { journal, event } of record.entries) {
    if (journal === 'dispatch' && event.type === 'owner-changed') owners += 1;
    if (event.type !== 'dispatch-started') continue;
    attempts.set(event.data.call.callId, (attempts.get(event.data.call.callId) ?? 0) + 1);
  }
  const most = Math.max(0, ...scenario.tools.map(({ maxRetries }) => maxRetries));
  return [...Map.groupBy(tools.asked, ({ callId }) => callId)].flatMap(([callId, { length }]) =>
    length > most * (attempts.get(callId) ?? 0) + owners
      ? [{ guarantee: 'rule 7', what: `${callId} was asked for ${length} times` }]
      : [],
  );
}

const byHand = (event: EndingEvent): boolean => event.type === 'resolved' && event.data.by !== undefined;
