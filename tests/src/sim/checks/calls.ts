import { isEnding, type EndingEvent } from '@tollgate/events';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** G2: each accepted call ends, once; what operators are told is what the journals say; tenants keep apart (G7). */
export function callsAreEndedOnce(simulation: Simulation): Violation[] {
  const endings = simulation.record.entries.map(({ event }) => event).filter(isEnding);
  return [
    ...endedOnce(simulation, endings.filter(isFirst)),
    ...resolvedOnce(endings),
    ...wordsAnsweredOnce(simulation),
    ...comesToRest(simulation),
    ...holdsEnd(simulation),
    ...tenantsApart(simulation, endings),
  ];
}

const comesToRest = ({ world }: Simulation): Violation[] =>
  world.isStuck ? [{ guarantee: 'progress', what: 'something goes round in circles' }] : [];

const isFirst = ({ type }: EndingEvent): boolean => type !== 'resolved';

function endedOnce({ calls, record }: Simulation, endings: readonly EndingEvent[]): Violation[] {
  const counts = new Map<string, number>();
  for (const { data } of endings) counts.set(data.call.callId, (counts.get(data.call.callId) ?? 0) + 1);
  const asked = calls.map(({ callId, put }) => ({ callId, isPut: put === 'accepted' }));
  const actions = [...record.actions.keys()].map((callId) => ({ callId, isPut: record.actionsPut.has(callId) }));
  return [...asked, ...actions].flatMap(({ callId, isPut }) => {
    const count = counts.get(callId) ?? 0;
    if (count > 1) return [{ guarantee: 'G2', what: `${callId} ended ${count} times` }];
    return isPut && count === 0 ? [{ guarantee: 'G2', what: `${callId} never ended` }] : [];
  });
}

function resolvedOnce(endings: readonly EndingEvent[]): Violation[] {
  const inDoubt = new Set<string>();
  const broken: Violation[] = [];
  for (const { type, data } of endings) {
    const { callId } = data.call;
    if (type === 'in-doubt') inDoubt.add(callId);
    if (type === 'resolved' && !inDoubt.delete(callId)) {
      broken.push({ guarantee: 'G2', what: `${callId} was resolved, but was not in doubt` });
    }
  }
  return broken;
}

function wordsAnsweredOnce({ record }: Simulation): Violation[] {
  const counts = new Map<string, number>();
  for (const { event } of record.entries) {
    if (event.type !== 'resolution-answered') continue;
    counts.set(event.data.commandId, (counts.get(event.data.commandId) ?? 0) + 1);
  }
  return [...record.words].flatMap(([commandId, callId]) => {
    const count = counts.get(commandId) ?? 0;
    if (count > 1) return [{ guarantee: 'G2', what: `a word about ${callId} was answered ${count} times` }];
    return count === 0 ? [{ guarantee: 'G2', what: `a word about ${callId} was never answered` }] : [];
  });
}

function tenantsApart({ calls, record }: Simulation, endings: readonly EndingEvent[]): Violation[] {
  const tenantOf = new Map([
    ...calls.map(({ callId, tenant }) => [callId, tenant] as const),
    ...[...record.actions].map(([callId, { tenant }]) => [callId, tenant] as const),
  ]);
  return endings.flatMap(({ tenant, data }): Violation[] => {
    const { callId } = data.call;
    const original = data.outcome.originalCallId;
    if (tenantOf.has(callId) && tenantOf.get(callId) !== tenant) {
      return [{ guarantee: 'G7', what: `${callId} ended as a call of ${tenant}` }];
    }
    return original !== undefined && tenantOf.get(original) !== tenant
      ? [{ guarantee: 'G7', what: `${callId} of ${tenant} was answered with ${original} of another tenant` }]
      : [];
  });
}

/** By then an end that time alone has brought about is in every journal. */
const NOTICED_MS = 5_000;

/** Rule 8: after 30 days nobody holds the key of a call in doubt any more. */
function holdsEnd({ record, scenario, world }: Simulation): Violation[] {
  if (!scenario.month) return [];
  const held = new Set<string>();
  for (const { journal, event } of record.entries) {
    if (event.type === 'in-doubt' && event.data.heldUntil < world.now - NOTICED_MS) held.add(event.data.call.callId);
    if (journal === 'lease' && event.type === 'lease-settled' && event.data.how.state !== 'in-doubt') {
      held.delete(event.data.callId);
    }
  }
  return [...held].map((callId) => ({ guarantee: 'rule 8', what: `${callId} holds its key for ever` }));
}
