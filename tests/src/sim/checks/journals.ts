import { journalStream } from '@tollgate/journal';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** Rules 1, 3, 4 and 14, as each journal shows them. */
export const journalsAreInOrder = (simulation: Simulation): Violation[] => [
  ...timeAndIdsGrow(simulation),
  ...oneEpochAtATime(simulation),
  ...positionsGrow(simulation),
  ...garbageIsParkedOnce(simulation),
];

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

/** Behind `owner-changed` everything is the new owner's, until the next. */
function oneEpochAtATime({ record }: Simulation): Violation[] {
  const epochs = new Map<string, string>();
  return record.batches.flatMap(({ journal, partition, seq, batch }): Violation[] => {
    const stream = journalStream(journal, partition);
    const [first] = batch.events;
    if (first?.type === 'owner-changed') epochs.set(stream, batch.epoch);
    return epochs.get(stream) === batch.epoch
      ? []
      : [{ guarantee: 'rule 1', what: `${stream} ${seq} was written by an owner that was shut out` }];
  });
}

function positionsGrow({ record }: Simulation): Violation[] {
  const reached = new Map<string, number>();
  return record.batches.flatMap(({ journal, partition, seq, batch }) =>
    Object.entries(batch.positions).flatMap(([source, position]): Violation[] => {
      const key = `${journalStream(journal, partition)} ${source}`;
      const place = position.seq * 1e6 + position.index;
      const before = reached.get(key) ?? 0;
      reached.set(key, place);
      return place < before ? [{ guarantee: 'rule 3', what: `${key} goes back at ${seq}` }] : [];
    }),
  );
}

function garbageIsParkedOnce({ record }: Simulation): Violation[] {
  const places = new Set<string>();
  return record.entries.flatMap(({ journal, event }): Violation[] => {
    if (event.type !== 'input-parked') return [];
    const { stream, seq, index } = event.data;
    const place = `${journal}: ${stream} ${seq} ${index}`;
    const again = places.has(place);
    places.add(place);
    return again ? [{ guarantee: 'rule 14', what: `parked twice by ${place}` }] : [];
  });
}
