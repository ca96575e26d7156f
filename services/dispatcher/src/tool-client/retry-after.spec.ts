import { retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 7 ', 7_000],
    ['1.5', 1_500],
    ['86400', 600_000],
    ['999999999999999', 600_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['Sun, 01 Mar 2030 11:00:00 GMT', 600_000],
  ])('%s', (value, ms) => {
    expect(retryAfterMs(value, NOW)).toBe(ms);
  });

  it.each([undefined, '', '-1', 'soon', '1e3', '2026-03-01', 'Sun, 99 Xxx 2026 12:00:30 GMT', '12,13'])(
    '%s says nothing',
    (value) => {
      expect(retryAfterMs(value, NOW)).toBeUndefined();
    },
  );
});
