import { Reference } from '../harness/reference.js';

const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  body,
  headers: new Headers({ 'x-request-id': 'req_1', ...headers }),
});

describe('what tests are answered, held against the reference', () => {
  const reference = new Reference();
  const locked = { success: true, status: 'locked', key: 'k', ttl: 1, first_seen_at: null };
  const status = { 'x-onceonly-status': 'locked' };
  const check = (...[code, body, headers]: Parameters<typeof answer>) => {
    reference.check('POST', '/v1/check-lock', answer(code, body, headers));
  };

  it('passes what it says', () => {
    check(200, locked, status);
    check(429, { detail: { error: 'rate_limited', message: 'm' } }, { 'retry-after': '1' });
    check(400, { detail: 'Bad Request' });
    reference.check('GET', '/v1/usage?kind=ai', answer(401, { detail: 'm' }, { 'www-authenticate': 'Bearer' }));
    reference.check('GET', '/v1/nothing', answer(404, { detail: 'Not Found' }));
    reference.check('PUT', '/v1/check-lock', answer(405, { detail: 'Method Not Allowed' }, { allow: 'POST' }));
    reference.check('GET', '/healthz', answer(200, { anything: true }));
  });

  it.each([
    ['a status that it does not have', 201, locked, status],
    ['another body', 200, { ...locked, more: 1 }, status],
    ['without a header that is always there', 200, locked, {}],
    ['a header of another form', 429, { detail: { error: 'rate_limited', message: 'm' } }, { 'retry-after': '31' }],
    ['a header that it does not know of', 200, locked, { ...status, 'x-tollgate-lag': '1' }],
  ])('refuses %s', (_what, code, body, headers) => {
    expect(() => {
      check(code, body, headers);
    }).toThrow('the reference');
  });

  it('refuses what succeeds where no route is', () => {
    for (const [method, path] of [
      ['GET', '/v1/nothing'],
      ['PUT', '/v1/check-lock'],
    ] as const) {
      expect(() => {
        reference.check(method, path, answer(200, {}));
      }).toThrow('the reference');
    }
  });
});
