import { microsFromUsd, usdFromMicros } from './money.js';

describe('money', () => {
  it.each([
    [0, 0],
    [2.5, 2_500_000],
    [0.1 + 0.2, 300_000],
    [1.005, 1_005_000],
    [0.000_000_6, 1],
    [1e9, 1e15],
  ])('%d dollars are %d micro-dollars', (usd, micros) => {
    expect(microsFromUsd(usd)).toBe(micros);
  });

  it('never rounds a positive amount to nothing', () => {
    expect(microsFromUsd(0.000_000_000_1)).toBe(1);
    expect(microsFromUsd(Number.MIN_VALUE)).toBe(1);
  });

  it('comes back as the dollars it was', () => {
    for (const usd of [0.01, 19.99, 480, 123_456.789_012]) expect(usdFromMicros(microsFromUsd(usd))).toBe(usd);
  });
});
