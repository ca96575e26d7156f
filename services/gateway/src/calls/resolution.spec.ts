import { resolvable } from './resolution.js';

describe("an operator's word about a call", () => {
  it('is to be said while it is in doubt', () => {
    expect(resolvable({ in_doubt: true, resolved_id: null, decision: 'failed' }, { outcome: 'executed' })).toBe('open');
  });

  it('said again is the same', () => {
    expect(resolvable({ in_doubt: false, resolved_id: 9, decision: 'failed' }, { outcome: 'failed' })).toBe('same');
  });

  it.each([
    [{ in_doubt: false, resolved_id: 9, decision: 'executed' }, 'failed'],
    [{ in_doubt: false, resolved_id: null, decision: 'executed' }, 'executed'],
    [{ in_doubt: false, resolved_id: null, decision: 'in_progress' }, 'failed'],
  ] as const)('comes to nothing for %j when it is %s', (row, outcome) => {
    expect(resolvable(row, { outcome })).toBe('not_in_doubt');
  });
});
