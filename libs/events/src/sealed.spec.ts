import { INLINE_LIMIT, passOn, type Payload } from './sealed.js';

const place = { stream: 'CALLS-0', seq: 7, index: 0 };
const sealed = (length: number): Payload => ({ callId: 'call_1', inline: { k: 'key', b: 'x'.repeat(length) } });
const open = (length: number): Payload => ({ callId: 'call_1', inline: { p: 'x'.repeat(length - 2) } });

describe('a payload passed on', () => {
  it.each([
    ['sealed', sealed],
    ['open', open],
  ])('travels along while it is small, %s', (_how, payload) => {
    expect(passOn(payload(INLINE_LIMIT), place)).toEqual(payload(INLINE_LIMIT));
  });

  it.each([
    ['sealed', sealed],
    ['open', open],
  ])('is pointed at when it is large, %s, and still says what it was sealed for', (_how, payload) => {
    expect(passOn(payload(INLINE_LIMIT + 1), place)).toEqual({ callId: 'call_1', place });
  });

  it('travels along when it lies nowhere', () => {
    expect(passOn(sealed(INLINE_LIMIT + 1), undefined)).toEqual(sealed(INLINE_LIMIT + 1));
  });

  it('keeps the place that it was first put at', () => {
    const first = { callId: 'call_1', place };
    expect(passOn(first, { stream: 'LEASE-0', seq: 99, index: 2 })).toEqual(first);
  });
});
