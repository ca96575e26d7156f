import { keptStream } from '../spec/kept-stream.js';
import { sequenceBefore } from './sequence-before.js';

describe('the last sequence before a time', () => {
  it.each([
    ['in the middle', 10, [100, 200, 200, 300], 250, 12],
    ['at equal stamps', 10, [100, 200, 200, 300], 200, 10],
    ['before all of them', 10, [100, 200], 50, 9],
    ['behind all of them', 10, [100, 200], 999, 11],
    ['of an empty stream', 0, [], 50, 0],
    ['of an emptied stream', 8, [], 50, 7],
  ])('%s', async (_where, first, stamps, time, expected) => {
    expect(await sequenceBefore(keptStream(first, stamps), 'S', time)).toBe(expected);
  });
});
