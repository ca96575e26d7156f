import { prefersAsync } from './prefer.js';

it.each([
  ['respond-async', true],
  ['wait=10, Respond-Async ; x=1', true],
  ['return=minimal', false],
  ['respond-asynchronously', false],
  [undefined, false],
])('a Prefer header of %j: %j', (header, wanted) => {
  expect(prefersAsync(header)).toBe(wanted);
});
