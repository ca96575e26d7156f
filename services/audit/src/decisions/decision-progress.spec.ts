import { decodeProgress, encodeProgress, isBehind } from './decision-progress.js';

const published = { done: { 'POLICY-0': { seq: 3, mark: 'm' } }, here: { source: 'POLICY-0', seq: 5, index: 2 } };

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
    ['LEASE-0', 1, 0, false],
  ])('given %s %i %i: published already is %s', (source, seq, index, expected) => {
    expect(isBehind(published, source, seq, index)).toBe(expected);
  });
});
