import { idOfTime } from '@tollgate/events';
import { fateOf, resolvedSince, rollupsSince } from './kept.js';

const NOON = Date.UTC(2026, 10, 21, 12);
const DAY_MS = 86_400_000;
/** The partition of the day that was so many days ago. */
const dayAgo = (days: number) => {
  const midnight = Date.UTC(2026, 10, 21) - days * DAY_MS;
  return { from: idOfTime(midnight), to: idOfTime(midnight + DAY_MS) };
};
const kept = { logs: 7, rollups: 400 };

describe('a partition of the record', () => {
  it.each(['events', 'timeline', 'feed', 'calls'] as const)('%s: stays a day longer than logs are kept', (table) => {
    expect(fateOf(table, dayAgo(0), NOON, kept)).toBe('stays');
    expect(fateOf(table, dayAgo(8), NOON, kept)).toBe('stays');
    expect(fateOf(table, dayAgo(9), NOON, kept)).not.toBe('stays');
  });

  it.each(['events', 'timeline', 'calls'] as const)('%s: calls without a known end outlive it', (table) => {
    expect(fateOf(table, dayAgo(9), NOON, kept)).toBe('goes but for open calls');
    expect(fateOf(table, dayAgo(33), NOON, kept)).toBe('goes but for open calls');
    expect(fateOf(table, dayAgo(34), NOON, kept)).toBe('goes');
  });

  it('of calls stays as long as metrics of a week need it, also where logs are kept for a day', () => {
    const day = { logs: 1, rollups: 400 };
    expect(fateOf('feed', dayAgo(3), NOON, day)).toBe('goes');
    expect(fateOf('timeline', dayAgo(3), NOON, day)).toBe('goes but for open calls');
    expect(fateOf('calls', dayAgo(8), NOON, day)).toBe('stays');
    expect(fateOf('calls', dayAgo(9), NOON, day)).toBe('goes but for open calls');
  });

  it('goes whole only when logs are kept no longer, were that longer than any call is open', () => {
    const year = { logs: 365, rollups: 400 };
    expect(fateOf('calls', dayAgo(300), NOON, year)).toBe('stays');
    expect(fateOf('calls', dayAgo(367), NOON, year)).toBe('goes');
  });

  it('that holds days to come stays', () => {
    expect(fateOf('events', { from: -Infinity, to: idOfTime(NOON) }, NOON, kept)).toBe('stays');
  });
});

it('resolutions are kept as long as logs, rollups as long as they say', () => {
  expect(resolvedSince(NOON, kept)).toEqual(new Date(NOON - 7 * DAY_MS));
  expect(rollupsSince(NOON, kept)).toEqual(new Date(NOON - 400 * DAY_MS));
});
