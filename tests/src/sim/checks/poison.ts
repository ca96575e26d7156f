import type { TollgateEvent } from '@tollgate/events';
import type { Poisoned } from '../poison.js';
import { TAKEN_ON } from '../poison.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/**
 * Rule 14: what a stage cannot take is parked there, once; a call that it should have taken on ends there; the ending of
 * another leaves what its call holds as it is.
 */
export const poisonIsParked = (simulation: Simulation): Violation[] =>
  simulation.chaos.poison.found.flatMap((poisoned) => {
    const { reader, partition, callId } = poisoned;
    const said = simulation.record.entries
      .filter(({ journal, partition: of }) => journal === reader && of === partition)
      .map(({ event }) => event);
    const ofCall = said.filter((event) => callIdOf(event) === callId);
    return [
      ...parkedOnce(poisoned, said),
      ...(TAKEN_ON[reader] === poisoned.type ? endsHere(poisoned, ofCall) : staysHeld(simulation, poisoned, ofCall)),
      ...(reader === 'lease' && poisoned.type === 'in-doubt' ? isSettledByWord(simulation, poisoned, ofCall) : []),
    ];
  });

const wrong = ({ reader, type, callId, kind }: Poisoned, what: string): Violation => ({
  guarantee: 'rule 14',
  what: `${type} of ${callId}, which is ${kind} to ${reader}, ${what}`,
});

function parkedOnce(poisoned: Poisoned, said: readonly TollgateEvent[]): Violation[] {
  const { stream, seq, index, kind, callId } = poisoned;
  const parked = said.flatMap((event) =>
    event.type === 'input-parked' &&
    event.data.stream === stream &&
    event.data.seq === seq &&
    event.data.index === index
      ? [event.data]
      : [],
  );
  if (parked.length !== 1) return [wrong(poisoned, `was parked ${parked.length} times`)];
  return parked[0]?.code === kind && parked[0].callId === callId
    ? []
    : [wrong(poisoned, `was parked as ${parked[0]?.code} of ${parked[0]?.callId}`)];
}

/** What may be said of a call that was not taken on; operators' words are answered whatever became of it. */
const SAID_ANYWAY: ReadonlySet<TollgateEvent['type']> = new Set([
  'action-begun',
  'failed',
  'input-parked',
  'budget-released',
  'resolution-answered',
  'settlement-answered',
]);

/** CALLS may hold a call twice: the other one may have been taken on. */
function endsHere(poisoned: Poisoned, ofCall: readonly TollgateEvent[]): Violation[] {
  if (poisoned.reader === 'policy') return ofCall.length > 0 ? [] : [wrong(poisoned, 'was passed over')];
  const others = ofCall.filter(({ type }) => !SAID_ANYWAY.has(type));
  const failed = ofCall.filter(
    (event) => event.type === 'failed' && event.data.outcome.error?.code === 'internal_error',
  );
  if (others.length > 0) return [wrong(poisoned, `was taken on: ${others.map(({ type }) => type).join()}`)];
  return failed.length === 1 ? [] : [wrong(poisoned, `ended its call ${failed.length} times`)];
}

/** Until an operator has said how it ended: that comes as `resolved`. */
function staysHeld(simulation: Simulation, poisoned: Poisoned, ofCall: readonly TollgateEvent[]): Violation[] {
  if (poisoned.type === 'in-doubt' || poisoned.type === 'resolved') return [];
  const { entries } = simulation.record;
  const given = ofCall.find(({ type }) => type === 'lease-settled' || type === 'budget-released');
  const orderOf = (of: TollgateEvent | undefined): number => entries.findIndex(({ event }) => event === of);
  const word = entries.find(({ event }) => settles(event, poisoned))?.event;
  if (given === undefined) {
    // What ended before it came here holds no key.
    const holds = ofCall.some(({ type }) => type === 'lease-acquired');
    const waits = word !== undefined && poisoned.reader === 'lease' && holds;
    return waits ? [wrong(poisoned, 'is not settled, though an operator said how it ended')] : [];
  }
  return word !== undefined && orderOf(word) < orderOf(given) ? [] : [wrong(poisoned, `has led to ${given.type}`)];
}

const settles = ({ type, data }: TollgateEvent, { callId }: Poisoned): boolean =>
  type === 'settlement-answered' && data.callId === callId && data.answer === 'settled';

/** An operator's word reaches the lease as any other ending does. */
function isSettledByWord(
  { record, chaos }: Simulation,
  poisoned: Poisoned,
  ofCall: readonly TollgateEvent[],
): Violation[] {
  const { callId } = poisoned;
  const isParked = chaos.poison.found.some((one) => one.type === 'resolved' && one.callId === callId);
  const isSaid = record.entries.some(({ event }) => event.type === 'resolved' && callIdOf(event) === callId);
  if (isParked || !isSaid || ofCall.some(({ type }) => type === 'lease-settled')) return [];
  return [wrong(poisoned, 'is not settled, though it was resolved')];
}

function callIdOf({ data }: TollgateEvent): string | undefined {
  const { call, callId } = data as { call?: { callId: string }; callId?: string };
  return call?.callId ?? callId;
}
