import { keptRun } from './kept-run.js';
import { UsageError } from './options.js';

const KEPT = ['a call was sent twice', 'a call never ended', 'Audit stopped for good'].map((what) => ({ what }));

describe('a run that was kept', () => {
  it('is found by a part of its words', () => {
    expect(keptRun('audit stopped', KEPT).what).toBe('Audit stopped for good');
    expect(keptRun('a call was sent twice', KEPT).what).toBe('a call was sent twice');
  });

  it.each([
    ['a call', '2 kept runs are about "a call": "a call was sent twice", "a call never ended"'],
    ['no word ended', 'no kept run is about "no word ended": did you mean "a call never ended"?'],
    ['x', 'no kept run is about "x": docs/guarantees.md lists what was found'],
  ])('is asked for in other words where %j is not enough', (words, message) => {
    expect(() => keptRun(words, KEPT)).toThrow(new UsageError(message));
  });
});
