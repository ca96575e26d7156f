import { isEnding, type EndingEvent, type TollgateEvent } from '@tollgate/events';
import { decodeBatch, JOURNALS, journalStream } from '@tollgate/journal';
import type { Simulation } from './simulation.js';

export interface Violation {
  readonly guarantee: string;
  readonly what: string;
}

/** Everything the journals say, in the order of each. */
export function eventsOf(simulation: Simulation): TollgateEvent[] {
  return JOURNALS.flatMap((journal) =>
    simulation.broker.all(journalStream(journal, 0)).flatMap((message) => decodeBatch(message.data).events),
  );
}

/** What must hold of every run, in terms of the tools' own record, the journals and the answers. */
export function violations(simulation: Simulation): Violation[] {
  const events = eventsOf(simulation);
  const endings = events.filter(isEnding).filter(({ type }) => type !== 'resolved');
  return [
    ...endedOnce(simulation, endings),
    ...answeredAsJournaled(simulation, endings),
    ...actedOnce(simulation, events),
    ...withinCaps(simulation, events),
    ...nothingSentWhileDisabled(simulation),
  ];
}

function endedOnce({ calls }: Simulation, endings: readonly EndingEvent[]): Violation[] {
  const counts = new Map<string, number>();
  for (const { data } of endings) counts.set(data.call.callId, (counts.get(data.call.callId) ?? 0) + 1);
  return calls.flatMap(({ callId, put }) => {
    const count = counts.get(callId) ?? 0;
    if (count > 1) return [{ guarantee: 'G2', what: `${callId} ended ${count} times` }];
    return put === 'accepted' && count === 0 ? [{ guarantee: 'G2', what: `${callId} never ended` }] : [];
  });
}

function answeredAsJournaled({ calls }: Simulation, endings: readonly EndingEvent[]): Violation[] {
  const journaled = new Set(endings.map(({ id }) => id));
  return calls.flatMap(({ callId, answer }) =>
    answer === undefined || journaled.has(answer.id)
      ? []
      : [{ guarantee: 'rule 2', what: `${callId} was answered ${answer.type}, which no journal says` }],
  );
}

/** A tool acts for one set of arguments once, and always under the same key until an end is known. */
function actedOnce({ tools, scenario, calls }: Simulation, events: readonly TollgateEvent[]): Violation[] {
  const keyed = new Map<string, { keys: Set<string>; acts: number }>();
  const callById = new Map(calls.map((call) => [call.callId, call]));
  for (const { tool, agent, callId, key, acted } of tools.seen) {
    if (!acted) continue;
    const what = `${agent} ${tool}(${callById.get(callId)?.args})`;
    const one = keyed.get(what) ?? { keys: new Set(), acts: 0 };
    one.keys.add(key);
    one.acts += 1;
    keyed.set(what, one);
  }
  void events;
  return [...keyed].flatMap(([what, { keys, acts }]) => {
    if (keys.size > 1) return [{ guarantee: 'G1', what: `${what} was done under ${keys.size} keys` }];
    const tool = scenario.tools.find(({ name }) => what.includes(` ${name}(`));
    if (tool?.onUnknown === 'hold' && acts > 1) return [{ guarantee: 'G1', what: `${what} was done ${acts} times` }];
    return [];
  });
}

/** What a tool did for an agent never passes the agent's caps; all within one hour and day. */
function withinCaps({ tools, scenario }: Simulation, events: readonly TollgateEvent[]): Violation[] {
  const given = new Set<string>();
  for (const event of events) {
    if (event.type === 'budget-released' && event.data.what === 'all') given.add(event.data.callId);
  }
  return scenario.agents.flatMap((agent) => {
    const acted = new Set(
      tools.seen
        .filter((one) => one.agent === agent && one.acted && !given.has(one.callId))
        .map(({ callId }) => callId),
    );
    const { maxActionsPerHour, maxSpendPerDay, price } = scenario;
    if (maxActionsPerHour !== undefined && acted.size > maxActionsPerHour) {
      return [{ guarantee: 'G3', what: `${agent} acted ${acted.size} times, ${maxActionsPerHour} are allowed` }];
    }
    if (maxSpendPerDay !== undefined && acted.size * price > maxSpendPerDay) {
      return [{ guarantee: 'G3', what: `${agent} spent ${acted.size * price}, ${maxSpendPerDay} is allowed` }];
    }
    return [];
  });
}

function nothingSentWhileDisabled({ tools, killSwitches }: Simulation): Violation[] {
  return killSwitches.flatMap(({ agent, answeredAt, until }) =>
    tools.seen
      .filter((one) => one.agent === agent && one.at > answeredAt && one.at < until)
      .map(({ callId }) => ({ guarantee: 'G4', what: `${callId} was sent after ${agent} was disabled` })),
  );
}
