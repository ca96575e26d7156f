import { silenceLimit } from './silence-limit.js';

describe('silenceLimit', () => {
  it.each([
    [undefined, 1_500],
    ['', 1_500],
    ['max=100', 1_500],
    ['timeout=5', 3_750],
    ['timeout=5, max=1000', 3_750],
    ['max=1000, timeout=5', 3_750],
    ['Timeout = "20"', 15_000],
    ['timeout=3600', 30_000],
    ['timeout=2', 1_000],
    ['timeout=1', 0],
    ['timeout=0', 0],
  ])('%s', (header, ms) => {
    expect(silenceLimit(header)).toBe(ms);
  });
});
