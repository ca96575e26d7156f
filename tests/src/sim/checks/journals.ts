import { idOfTime } from '@tollgate/events';
import { journalStream } from '@tollgate/journal';
import type { Simulation } from '../simulation.js';
import { passesFence, writtenByTwo } from './fence.js';
import type { Violation } from './violation.js';

/** Rules 1, 3, 4 and 14, as each journal shows them. */
export const journalsAreInOrder = (simulation: Simulation): Violation[] => [
  ...timeAndIdsGrow(simulation),
  ...idsBeginAboveWatermarks(simulation),
  ...oneEpochAtATime(simulation),
  ...positionsGrow(simulation),
  ...garbageIsParkedOnce(simulation),
  ...wrongClocksAppendNothing(simulation),
];

const wrongClocksAppendNothing = ({ wrongClocks }: Simulation): Violation[] =>
  wrongClocks.map((journal) => ({ guarantee: 'rule 4', what: `${journal} is written by a clock that is off` }));

function timeAndIdsGrow({ record }: Simulation): Violation[] {
  const last = new Map<string, { id: number; at: number }>();
  return record.entries.flatMap(({ journal, partition, event: { id, at, type } }): Violation[] => {
    const stream = journalStream(journal, partition);
    const before = last.get(stream) ?? { id: 0, at: 0 };
    last.set(stream, { id, at });
    if (at < before.at) return [{ guarantee: 'rule 4', what: `time goes back in ${stream} at ${type}` }];
    return id <= before.id ? [{ guarantee: 'rule 16', what: `ids go back in ${stream} at ${type}` }] : [];
  });
}

/** As the host has it (rule 4). */
const CLOCK_BOUND_MS = 1_000;

/** What an owner said of its journal's ids holds for the next owner, too, whose clock may be behind. */
function idsBeginAboveWatermarks({ record }: Simulation): Violation[] {
  const floors = new Map<string, number>();
  return record.entries.flatMap(({ journal, partition, at, event: { id, type } }): Violation[] => {
    const stream = journalStream(journal, partition);
    const floor = floors.get(stream) ?? 0;
    if (type === 'owner-changed') floors.set(stream, idOfTime(at + CLOCK_BOUND_MS));
    else if (id <= floor) return [{ guarantee: 'rule 16', what: `${stream} has ${type} below a watermark` }];
    return [];
  });
}

/** Behind `owner-changed` everything is the new owner's, until the next. */
export function oneEpochAtATime(simulation: Simulation): Violation[] {
  const { record } = simulation;
  const passes = passesFence(simulation);
  const epochs = new Map<string, string>();
  return record.batches.flatMap(({ journal, partition, seq, batch }): Violation[] => {
    const stream = journalStream(journal, partition);
    const [first] = batch.events;
    if (first?.type === 'owner-changed') epochs.set(stream, batch.epoch);
    return epochs.get(stream) === batch.epoch || passes(stream, seq, batch)
      ? []
      : [{ guarantee: 'rule 1', what: `${stream} ${seq} was written by an owner that was shut out` }];
  });
}

export function positionsGrow(simulation: Simulation): Violation[] {
  const ofTwo = writtenByTwo(simulation);
  const reached = new Map<string, number>();
  return simulation.record.batches.flatMap(({ journal, partition, seq, batch }) =>
    Object.entries(batch.positions).flatMap(([source, position]): Violation[] => {
      const stream = journalStream(journal, partition);
      const key = `${stream} ${source}`;
      const place = position.seq * 1e6 + position.index;
      const before = reached.get(key) ?? 0;
      reached.set(key, place);
      return place < before && !ofTwo.has(stream) ? [{ guarantee: 'rule 3', what: `${key} goes back at ${seq}` }] : [];
    }),
  );
}

function garbageIsParkedOnce({ record, chaos }: Simulation): Violation[] {
  const parked = new Map<string, number>();
  for (const { event } of record.entries) {
    if (event.type !== 'input-parked') continue;
    const place = `${event.data.stream} ${event.data.seq}`;
    parked.set(place, (parked.get(place) ?? 0) + 1);
  }
  return chaos.garbage.flatMap((place): Violation[] => {
    const times = parked.get(place) ?? 0;
    return times === 1 ? [] : [{ guarantee: 'rule 14', what: `${place} was parked ${times} times` }];
  });
}
