import { idempotencyKeyOf } from './idempotency-key.js';

describe('the idempotency key', () => {
  it.each([
    [undefined, undefined, undefined],
    ['', undefined, undefined],
    ['a', undefined, 'a'],
    ['"a b"', undefined, 'a b'],
    [undefined, 'a', 'a'],
    ['"a"', 'a', 'a'],
  ])('of header %j and body %j is %j', (header, body, key) => {
    expect(idempotencyKeyOf(header, body)).toBe(key);
  });

  it.each([
    ['a', 'b'],
    ['""', undefined],
    ['x'.repeat(257), undefined],
  ])('header %j and body %j are refused', (header, body) => {
    expect(() => idempotencyKeyOf(header, body)).toThrow(expect.objectContaining({ status: 422 }));
  });
});
