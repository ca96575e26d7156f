import { isEnding, type JournalName, type TollgateEvent } from '@tollgate/events';
import { callsStream, callsSubject, decodeBatch, JOURNALS, journalStream, type Position } from '@tollgate/journal';
import type { Simulation } from '../simulation.js';
import { STAGES } from '../sim-stage.js';
import { writtenByTwo } from './fence.js';
import { streamsOf } from './sources.js';
import type { Violation } from './violation.js';

/** One event where the broker has it now. */
interface Kept {
  readonly seq: number;
  readonly index: number;
  readonly event: TollgateEvent;
}

/**
 * What holds though the broker lost what it had acknowledged: a reader whose position does not fit its stream any more
 * stops, and says so; any other goes on as if nothing had been. Nobody passes over a gap, and nobody decides twice (rule 3).
 */
export const readersFitTheirStreams = (simulation: Simulation): Violation[] => {
  const ofTwo = writtenByTwo(simulation);
  return partitionsOf(simulation).flatMap((partition) => {
    const stopped = STAGES.filter((stage) => isStopped(simulation, stage, partition));
    return [
      ...STAGES.flatMap((stage) => stopsExactlyIfLost(simulation, stage, partition)),
      ...STAGES.filter((stage) => !ofTwo.has(journalStream(stage, partition))).flatMap((stage) =>
        takenOnOnce(simulation, stage, partition),
      ),
      ...(stopped.length === 0 ? everythingEnds(simulation, partition) : []),
    ];
  });
};

const partitionsOf = ({ scenario }: Simulation): number[] =>
  Array.from({ length: scenario.partitions }, (_, partition) => partition);

const wrong = (what: string): Violation => ({ guarantee: 'rule 3', what });

/** Some process of the stage has found, and says, that the stage cannot go on here, and none does. */
function isStopped({ stages }: Simulation, stage: JournalName, partition: number): boolean {
  const runners = stages
    .filter(({ name, process }) => name === stage && process.alive)
    .flatMap((one) => one.runners.slice(partition, partition + 1));
  return runners.some(({ trouble }) => trouble?.startsWith('lost') === true) && !runners.some(({ owns }) => owns);
}

function stopsExactlyIfLost(simulation: Simulation, stage: JournalName, partition: number): Violation[] {
  const stopped = isStopped(simulation, stage, partition);
  const misfits = misfitsOf(simulation, stage, partition);
  const name = `${stage} ${partition}`;
  if (misfits.length === 0) {
    // Its own journal has forgotten together with a source how far it had read there: it was right to stop.
    const { cutBacks, unnoticed } = simulation.chaos;
    const forgot =
      unnoticed.some(({ stream }) => stream === journalStream(stage, partition)) &&
      SOURCES[stage].some((source) => cutBacks.includes(streamsOf(source, partition)));
    // Of what lay there without a mark, nobody can tell whether it is what stands there by now.
    const unmarked =
      cutBacks.includes(callsStream(partition)) && positionsOf(simulation, stage, partition).get('calls')?.mark === '';
    return stopped && !forgot && !unmarked ? [wrong(`${name} has stopped though its positions fit what it reads`)] : [];
  }
  return stopped ? [] : [wrong(`${name} goes on though its position in ${misfits.join()} does not fit`)];
}

/** Sources whose stream does not have what the stage says that it has decided, or lacks what it has not decided. */
function misfitsOf(simulation: Simulation, stage: JournalName, partition: number): string[] {
  const { purged } = simulation.chaos;
  if (purged.has(journalStream(stage, partition))) return ['its own journal'];
  const positions = positionsOf(simulation, stage, partition);
  return SOURCES[stage].filter((source) => {
    const stream = streamsOf(source, partition);
    const position = positions.get(source);
    // Of CALLS the other subjects may have been purged.
    if (position === undefined) return source !== 'calls' && purged.has(stream);
    return !fits(simulation, stream, position);
  });
}

function positionsOf({ broker }: Simulation, stage: JournalName, partition: number): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>();
  for (const { data } of broker.all(journalStream(stage, partition))) {
    for (const [source, position] of Object.entries(decodeBatch(data).positions)) positions.set(source, position);
  }
  return positions;
}

function fits({ broker }: Simulation, stream: string, { seq, mark }: Position): boolean {
  const message = broker.message(stream, seq);
  if (message === undefined) return false;
  return (stream.startsWith('CALLS') ? message.mark : decodeBatch(message.data).epoch) === mark;
}

const keptIn = ({ broker }: Simulation, journal: JournalName, partition: number): Kept[] =>
  broker
    .all(journalStream(journal, partition))
    .flatMap(({ seq, data }) => decodeBatch(data).events.map((event, index) => ({ seq, index, event })));

const SOURCES: Record<JournalName, readonly string[]> = {
  policy: ['calls'],
  lease: ['policy', 'budget', 'dispatch', 'calls'],
  budget: ['lease', 'dispatch'],
  dispatch: ['budget', 'calls'],
};

/** What a stage is given a call by, and its words that it says of a call no more than once. */
const TAKING: Record<JournalName, { source: string; by: TollgateEvent['type']; once: TollgateEvent['type'][] }> = {
  policy: { source: 'calls', by: 'requested', once: ['policy-passed', 'blocked', 'failed'] },
  lease: { source: 'policy', by: 'policy-passed', once: ['lease-waiting', 'lease-acquired', 'deduplicated', 'failed'] },
  budget: { source: 'lease', by: 'lease-acquired', once: ['cap-checking', 'budget-reserved', 'blocked', 'failed'] },
  dispatch: { source: 'budget', by: 'budget-reserved', once: ['dispatch-queued', 'executed', 'blocked', 'failed'] },
};

/** Of what it says that it has decided, a stage has taken on each call, and none twice. */
function takenOnOnce(simulation: Simulation, stage: JournalName, partition: number): Violation[] {
  const { source, once } = TAKING[stage];
  const said = new Map<string, number>();
  const known = new Set<string>();
  for (const { event } of keptIn(simulation, stage, partition)) {
    const callId = callIdOf(event);
    if (callId === undefined) continue;
    known.add(callId);
    // After a look at the credits it is decided again, and may wait again.
    if (event.type === 'credits-checking') said.delete(`lease-waiting ${callId}`);
    if (once.includes(event.type)) said.set(`${event.type} ${callId}`, (said.get(`${event.type} ${callId}`) ?? 0) + 1);
  }
  const twice = [...said].filter(([, times]) => times > 1);
  const position = positionsOf(simulation, stage, partition).get(source);
  const given = position === undefined ? [] : givenUpTo(simulation, stage, partition, position);
  const isPurged = simulation.chaos.purged.has(journalStream(stage, partition));
  return [
    ...twice.map(([what, times]) => wrong(`${stage} ${partition} says ${what} ${times} times`)),
    ...given
      .filter((callId) => !isPurged && !known.has(callId))
      .map((callId) => wrong(`${stage} ${partition} passed over ${callId}`)),
  ];
}

/** The calls that a source holds up to a position; none where it is not the stream any more that was read. */
function givenUpTo(simulation: Simulation, stage: JournalName, partition: number, position: Position): string[] {
  const { source, by } = TAKING[stage];
  if (!fits(simulation, streamsOf(source, partition), position)) return [];
  if (source === 'calls') return requestedUpTo(simulation, partition, position.seq);
  return keptIn(simulation, source as JournalName, partition)
    .filter(({ seq, index }) => seq < position.seq || (seq === position.seq && index <= position.index))
    .flatMap(({ event }) => (event.type === by ? [callIdOf(event) ?? ''] : []));
}

function requestedUpTo({ broker }: Simulation, partition: number, last: number): string[] {
  const subject = callsSubject(partition, 'policy');
  return broker.all(callsStream(partition)).flatMap((message) => {
    if (message.subject !== subject || message.seq > last) return [];
    try {
      const event = JSON.parse(new TextDecoder().decode(message.data)) as TollgateEvent;
      return event.type === 'requested' ? (callIdOf(event) ?? []) : [];
    } catch {
      // Garbage.
      return [];
    }
  });
}

/** Where no reader had to stop, the call of every message that CALLS has still comes to its end. */
function everythingEnds(simulation: Simulation, partition: number): Violation[] {
  const ended = new Set<string>();
  for (const journal of JOURNALS) {
    for (const { event } of keptIn(simulation, journal, partition)) {
      if (isEnding(event)) ended.add(event.data.call.callId);
    }
  }
  return requestedUpTo(simulation, partition, Infinity)
    .filter((callId) => !ended.has(callId))
    .map((callId) => ({ guarantee: 'G2', what: `${callId} never ended, though nobody has stopped` }));
}

/** Of a call that waits for a look at its tenant's credits, too. */
function callIdOf({ data }: TollgateEvent): string | undefined {
  const { call, passed } = data as { call?: { callId: string }; passed?: { call: { callId: string } } };
  return (call ?? passed?.call)?.callId;
}
