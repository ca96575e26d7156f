import { payloadIn } from './payload-in.js';

const inline = { callId: 'c', inline: { k: 'k1', b: 'xx' } };

describe('the payload of an event', () => {
  it('is found wherever it stands', () => {
    expect(payloadIn({ call: { callId: 'c' }, outcome: { result: inline } }, 'c')).toEqual(inline);
    expect(payloadIn({ call: { callId: 'c' }, answer: { known: 'executed', result: inline } }, 'c')).toEqual(inline);
  });

  it("is not another call's", () => {
    expect(payloadIn({ outcome: { result: inline } }, 'd')).toBeUndefined();
  });

  it('may be absent', () => {
    expect([payloadIn(undefined, 'c'), payloadIn({ call: { callId: 'c' } }, 'c')]).toEqual([undefined, undefined]);
  });
});
