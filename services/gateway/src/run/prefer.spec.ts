import { asyncPatienceMs } from './prefer.js';

it.each([
  ['respond-async', 1_000],
  ['wait=10, Respond-Async ; x=1', 10_000],
  ['respond-async, wait=0', 0],
  ['wait=10', undefined],
  ['return=minimal', undefined],
  ['respond-asynchronously', undefined],
  [undefined, undefined],
])('a Prefer header of %j: %j ms', (header, patience) => {
  expect(asyncPatienceMs(header)).toBe(patience);
});
