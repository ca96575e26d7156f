import { resultIn } from './result-in.js';

const inline = { callId: 'c', inline: { k: 'k1', b: 'xx' } };

describe('the result in an event', () => {
  it('is found wherever it stands', () => {
    expect(resultIn({ call: { callId: 'c' }, outcome: { result: inline } }, 'c')).toEqual(inline);
    expect(resultIn({ call: { callId: 'c' }, answer: { known: 'executed', result: inline } }, 'c')).toEqual(inline);
  });

  it("is not another call's", () => {
    expect(resultIn({ outcome: { result: inline } }, 'd')).toBeUndefined();
  });

  it('is not what the call was asked with', () => {
    const args = { callId: 'c', inline: { k: 'k1', b: 'args' } };
    const job = { actions: [{ call: { callId: 'c' }, args }], ended: [{ callId: 'c', result: inline }] };
    expect(resultIn({ task: { job } }, 'c')).toEqual(inline);
    expect(resultIn({ task: { job: { ...job, ended: [] } } }, 'c')).toBeUndefined();
  });

  it('may be absent', () => {
    expect([resultIn(undefined, 'c'), resultIn({ call: { callId: 'c' } }, 'c')]).toEqual([undefined, undefined]);
  });
});
