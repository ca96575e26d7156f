import { mayHaveEnded } from './settle-parked.js';

const row = { call_id: 'call_1', code: 'undecodable', source: 'dispatch', input_type: 'executed' };
const foreign = { ...row, code: 'unknown_type', input_type: 'of-tomorrow' };

describe('a parked input that may be the end of a call', () => {
  it.each([
    ['an end that cannot be read', row, true],
    ['an end whose decision threw', { ...row, code: 'decision_failed', input_type: 'in-doubt' }, true],
    ["budget's end of a call", { ...row, source: 'budget', input_type: 'blocked' }, true],
    ['the end of what was held in doubt', { ...row, input_type: 'hold-ended' }, true],
    ['a word of another release, by the dispatcher', foreign, true],
    ['one by a stage that passes calls on', { ...foreign, source: 'budget' }, false],
    ['the beginning of a call', { ...row, source: 'policy', input_type: 'policy-passed' }, false],
    ['of no call', { ...row, call_id: null }, false],
    ['a whole batch', { ...row, call_id: null, input_type: null }, false],
  ])('%s: %j is %s', (_which, input, may) => {
    expect(mayHaveEnded(input, false)).toBe(may);
  });

  it('is a word of another release by any stage, where the record shows that its call has ended', () => {
    expect(mayHaveEnded({ ...foreign, source: 'budget' }, true)).toBe(true);
    expect(mayHaveEnded({ ...foreign, source: 'budget', call_id: null }, true)).toBe(false);
    expect(mayHaveEnded({ ...row, source: 'policy', input_type: 'policy-passed' }, true)).toBe(false);
  });
});
