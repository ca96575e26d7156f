import { resultIn } from './result-in.js';

const inline = { callId: 'c', inline: { k: 'k1', b: 'xx' } };

describe('the result in an event', () => {
  it('is found wherever it stands', () => {
    expect(resultIn({ call: { callId: 'c' }, outcome: { result: inline } }, 'c')).toEqual(inline);
    expect(resultIn({ call: { callId: 'c' }, answer: { known: 'executed', result: inline } }, 'c')).toEqual(inline);
  });

  it('is not what the call was to do, which a job tells with it', () => {
    const args = { callId: 'c', inline: { k: 'k1', b: 'args' } };
    const job = { actions: [{ call: { callId: 'c' }, args }], ended: [{ callId: 'c', result: inline }] };
    expect(resultIn({ task: { key: 'k', job } }, 'c')).toEqual(inline);
    expect(resultIn({ task: { key: 'k', job: { ...job, ended: [] } } }, 'c')).toBeUndefined();
  });

  it("is not another call's", () => {
    expect(resultIn({ outcome: { result: inline } }, 'd')).toBeUndefined();
  });

  it('may be absent', () => {
    expect([resultIn(undefined, 'c'), resultIn({ call: { callId: 'c' } }, 'c')]).toEqual([undefined, undefined]);
  });
});
