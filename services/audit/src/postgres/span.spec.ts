import { idOfTime, nextEventId } from '@tollgate/events';
import fc from 'fast-check';
import { dayOfId, firstIdOfDay, freeSpan, partitionName, widthFor, type Span } from './span.js';

const NOON = Date.UTC(2026, 10, 21, 12);
const id = nextEventId(0, NOON, 'policy', 0);
const between = (from: string, to: string): Span => ({
  from: idOfTime(Date.parse(from)),
  to: idOfTime(Date.parse(to)),
});

describe('the partition of an id', () => {
  it('is a day, a week or a month', () => {
    expect(freeSpan(id, 'day', [])).toEqual(between('2026-11-21', '2026-11-22'));
    expect(freeSpan(id, 'week', [])).toEqual(between('2026-11-19', '2026-11-26'));
    expect(freeSpan(id, 'month', [])).toEqual(between('2026-11-01', '2026-12-01'));
  });

  it('is as wide as the days that are kept ask for: never hundreds of partitions', () => {
    const days = { day: 1, week: 7, month: 30 };
    for (const kept of [1, 7, 31, 90, 217, 365, 3_650]) {
      expect(kept / days[widthFor(kept)]).toBeLessThan(125);
    }
    expect(widthFor(7)).toBe('day');
  });

  it('is there already where an older one of another width covers it', () => {
    expect(freeSpan(id, 'day', [between('2026-11-01', '2026-12-01')])).toBeUndefined();
    expect(freeSpan(id, 'day', [{ from: -Infinity, to: id + 1 }])).toBeUndefined();
  });

  it('is what others leave of it', () => {
    const days = [between('2026-11-20', '2026-11-21'), between('2026-11-23', '2026-11-24')];
    expect(freeSpan(id, 'month', days)).toEqual(between('2026-11-21', '2026-11-23'));
  });

  it('overlaps no other, in whatever order and widths they are made', () => {
    const wanted = fc.tuple(fc.integer({ min: 0, max: 90 }), fc.constantFrom('day' as const, 'week', 'month'));
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 40 }), (all) => {
        const made: Span[] = [];
        for (const [day, width] of all) {
          const span = freeSpan(idOfTime(NOON + day * 86_400_000), width, made);
          if (span !== undefined) made.push(span);
        }
        const sorted = made.sort((one, other) => one.from - other.from);
        for (const [index, { from, to }] of sorted.entries()) {
          expect(from).toBeLessThan(to);
          expect(to).toBeLessThanOrEqual(sorted[index + 1]?.from ?? Infinity);
          expect(from).toBe(firstIdOfDay(dayOfId(from)));
        }
      }),
    );
  });

  it('is named by its first day', () => {
    expect(partitionName('events', between('2026-11-19', '2026-11-26'))).toBe('events_2026_11_19');
  });
});
