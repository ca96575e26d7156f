import { backoffMs, chanceOf } from './backoff.js';

describe('the backoff', () => {
  it.each([
    [1, 200],
    [2, 400],
    [3, 800],
    [5, 3_200],
    [6, 5_000],
    [60, 5_000],
  ])('behind attempt %d is anything from 0 to %d ms', (attempt, most) => {
    expect(backoffMs(attempt, 0)).toBe(0);
    expect(backoffMs(attempt, 0.5)).toBe(most / 2);
    expect(backoffMs(attempt, 1 - 1e-9)).toBe(most - 1);
  });
});

describe('the chance of an attempt', () => {
  const chances = Array.from({ length: 1_000 }, (_, n) => chanceOf(`call_${n}`, 1));

  it('is always the same, so that a decision is the same whenever it is made', () => {
    expect(chanceOf('call_1', 1)).toBe(chanceOf('call_1', 1));
  });

  it('is in [0, 1) and spread evenly over calls', () => {
    const tenths = Array.from({ length: 10 }, (_, n) => chances.filter((one) => Math.floor(one * 10) === n).length);
    expect(tenths.every((count) => count > 60 && count < 140)).toBe(true);
    expect(tenths.reduce((sum, count) => sum + count)).toBe(1_000);
  });

  it('of one attempt says nothing about that of the next', () => {
    const near = chances.filter((one, n) => Math.abs(one - chanceOf(`call_${n}`, 2)) < 0.05);
    expect(near.length).toBeLessThan(200);
  });
});
