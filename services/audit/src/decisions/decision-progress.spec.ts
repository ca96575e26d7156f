import { decodeProgress, encodeProgress, isBehind, partlyOf, reachedBy } from './decision-progress.js';

const published = {
  done: { 'POLICY-0': { seq: 3, mark: 'm' } },
  here: { source: 'POLICY-0', seq: 5, index: 2 },
  partly: { 'LEASE-0': { seq: 7, index: 0 } },
};

describe('the progress that a published decision carries', () => {
  it('comes back as it was written, and not at all from anything else', () => {
    expect(decodeProgress(encodeProgress(published))).toEqual(published);
    expect(decodeProgress('')).toBeUndefined();
  });

  it.each([
    ['POLICY-0', 5, 1, true],
    ['POLICY-0', 5, 2, true],
    ['POLICY-0', 4, 9, true],
    ['POLICY-0', 5, 3, false],
    ['POLICY-0', 6, 0, false],
    ['LEASE-0', 7, 0, true],
    ['LEASE-0', 7, 1, false],
    ['BUDGET-0', 1, 0, false],
  ])('given %s %i %i: published already is %s', (source, seq, index, expected) => {
    expect(isBehind(reachedBy(published), source, seq, index)).toBe(expected);
  });

  it('says of the other sources what is published beyond what is done, or whoever goes on would publish it again', () => {
    const reached = reachedBy(published);
    expect(partlyOf(reached, published.done, 'LEASE-0')).toEqual({ 'POLICY-0': { seq: 5, index: 2 } });
    expect(partlyOf(reached, { 'POLICY-0': { seq: 5, mark: 'm' } }, 'LEASE-0')).toEqual({});
    expect(partlyOf(reached, published.done, 'POLICY-0')).toEqual(published.partly);
  });
});
