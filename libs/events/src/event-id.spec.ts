import fc from 'fast-check';
import { nextEventId, partitionOf, type JournalName } from './event-id.js';

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
