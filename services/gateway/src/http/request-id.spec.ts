import { requestIdFrom } from './request-id.js';

describe('the request id', () => {
  it("is the caller's when it is at most 128 visible characters", () => {
    expect([requestIdFrom('abc-1'), requestIdFrom('x'.repeat(128))]).toEqual(['abc-1', 'x'.repeat(128)]);
  });

  it.each([undefined, '', 'a b', 'x'.repeat(129), 'é', 'a\tb', ['a', 'b']])('is minted instead of %j', (header) => {
    expect(requestIdFrom(header)).toMatch(/^req_[\w-]{16}$/);
  });
});
