import fc from 'fast-check';
import { idOfTime, nextEventId, noteId, partitionOf, timeOfId, type JournalName } from './event-id.js';

const NOON = Date.UTC(2026, 10, 21, 12);
const JOURNALS: readonly JournalName[] = ['policy', 'lease', 'budget', 'dispatch'];
const journals = fc.constantFrom(...JOURNALS);
const partitions = fc.integer({ min: 0, max: 15 });

describe('an event id', () => {
  it('is the time in microseconds since 2025, but for its low seven bits', () => {
    const id = nextEventId(0, NOON, 'policy', 0);
    expect(Math.abs(id - (NOON - Date.UTC(2025, 0, 1)) * 1000)).toBeLessThan(128);
  });

  it('names its writer and partition in the low seven bits', () => {
    expect(nextEventId(0, NOON, 'dispatch', 15) % 128).toBe(15 * 8 + 3);
  });

  it('grows with every event of a journal, also when the clock stands still or goes back', () => {
    const clock = fc.array(fc.integer({ min: NOON - 5_000, max: NOON + 5_000 }), { minLength: 2 });
    fc.assert(
      fc.property(journals, partitions, clock, (journal, partition, times) => {
        let last = 0;
        for (const now of times) {
          const id = nextEventId(last, now, journal, partition);
          expect(id).toBeGreaterThan(last);
          last = id;
        }
      }),
    );
  });

  it('is never that of another journal or partition', () => {
    const all = JOURNALS.flatMap((journal) =>
      Array.from({ length: 16 }, (_, partition) => {
        const first = nextEventId(0, NOON, journal, partition);
        return [first, nextEventId(first, NOON, journal, partition)];
      }),
    ).flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('is a safe integer until the year 2310, and not negative before 2025', () => {
    expect(nextEventId(0, Date.UTC(2310, 0, 1), 'dispatch', 15)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    expect(nextEventId(0, Date.UTC(2024, 0, 1), 'policy', 0)).toBeGreaterThan(0);
  });
});

describe('the id of a note', () => {
  const millisecond = (seqs: readonly number[], partition: number) =>
    seqs.map((seq) => noteId(NOON, seq, partition)).sort((one, other) => one - other);

  it('lies within the millisecond of its stamp', () => {
    fc.assert(
      fc.property(fc.nat(), partitions, fc.nat({ max: 100_000 }), (seq, partition, later) => {
        const id = noteId(NOON + later, seq, partition);
        expect(id).toBeGreaterThanOrEqual(idOfTime(NOON + later));
        // A step is not a whole part of a millisecond: the last may reach a little into the next.
        expect(timeOfId(id)).toBeLessThan(NOON + later + 1.024);
        expect(noteId(NOON + later + 1, seq, partition)).toBeGreaterThan(id);
      }),
    );
  });

  it('is that of no other note, were 840 stored within a millisecond and in the next', () => {
    const seqs = Array.from({ length: 840 }, (_, n) => 7_777 + n);
    const ids = [...millisecond(seqs, 3), ...seqs.map((seq) => noteId(NOON + 1, seq + 840, 3))];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is that of no event of its partition', () => {
    fc.assert(
      fc.property(fc.nat(), partitions, (seq, partition) => {
        const slot = noteId(NOON, seq, partition) % 128;
        expect(Math.floor(slot / 8)).not.toBe(partition);
      }),
    );
  });
});

describe('the partition of a tenant', () => {
  it('is always the same, and one of those there are', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 16 }), (tenant, count) => {
        const partition = partitionOf(tenant, count);
        expect(partition).toBe(partitionOf(tenant, count));
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(count);
      }),
    );
  });

  it('never changes between releases', () => {
    expect(['acme', 'tenant-2', 'Größe'].map((tenant) => partitionOf(tenant, 16))).toEqual([15, 14, 10]);
  });

  it('spreads tenants over all of them', () => {
    const used = new Set(Array.from({ length: 200 }, (_, n) => partitionOf(`tenant-${n}`, 16)));
    expect(used.size).toBe(16);
  });
});
