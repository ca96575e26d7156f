import { mayHaveEnded } from './settle-parked.js';

const row = { call_id: 'call_1', code: 'undecodable', source: 'dispatch', input_type: 'executed' };

describe('a parked input that may be the end of a call', () => {
  it.each([
    ['an end that cannot be read', row, true],
    ['an end whose decision threw', { ...row, code: 'decision_failed', input_type: 'in-doubt' }, true],
    ["budget's end of a call", { ...row, source: 'budget', input_type: 'blocked' }, true],
    ['the end of what was held in doubt', { ...row, input_type: 'hold-ended' }, true],
    [
      "a word of another release, of the dispatcher's",
      { ...row, code: 'unknown_type', input_type: 'of-tomorrow' },
      true,
    ],
    [
      'one of a stage that passes calls on',
      { ...row, code: 'unknown_type', source: 'budget', input_type: 'new' },
      false,
    ],
    ['the beginning of one', { ...row, source: 'policy', input_type: 'policy-passed' }, false],
    ['of no call', { ...row, call_id: null }, false],
    ['a whole batch', { ...row, call_id: null, input_type: null }, false],
  ])('%s: %j is %s', (_which, input, may) => {
    expect(mayHaveEnded(input)).toBe(may);
  });
});
