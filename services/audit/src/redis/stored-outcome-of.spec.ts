import { executed, isEnding } from '@tollgate/events';
import { eventAt, executedOutcome, header, recordedAt } from '../spec/events.js';
import { storedOutcomeOf } from './stored-outcome-of.js';

function stored(call = header('call_1')) {
  const event = eventAt('dispatch', 5, executed.draft('acme', { call, outcome: executedOutcome('call_1', 'secret') }));
  if (!isEnding(event)) throw new Error('no ending');
  return storedOutcomeOf(recordedAt('dispatch', event, 7, 2));
}

describe('an ending as Redis keeps it', () => {
  it('says where its result is, and nothing of it', () => {
    expect(stored().result).toEqual({ stream: expect.any(String), seq: 7, index: 2, callId: 'call_1' });
    expect(JSON.stringify(stored())).not.toContain('secret');
  });

  it('says what a policy that observes would have done: who looks it up is answered the same', () => {
    expect(stored(header('call_1', { wouldBlock: 'tool_explicitly_blocked' })).call.wouldBlock).toBe(
      'tool_explicitly_blocked',
    );
    expect(stored().call).not.toHaveProperty('wouldBlock');
  });
});
