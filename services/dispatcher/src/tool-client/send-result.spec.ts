import { resultOfReply } from './send-result.js';

const read = (status: number, serverErrorIs: 'failed' | 'unknown' = 'failed', headers: Record<string, string> = {}) =>
  resultOfReply({ status, headers, body: Buffer.alloc(0) }, { serverErrorIs, maxResponseBytes: 100, nowMs: 0 });

describe('resultOfReply: the table of contract section 6', () => {
  it.each([200, 201, 202, 204, 206, 226, 299])('%i is executed', (httpStatus) => {
    expect(read(httpStatus)).toEqual({ known: 'executed', httpStatus, result: {} });
  });

  it.each([408, 425, 429])('%i is refused, whether it says when or not', (httpStatus) => {
    expect(read(httpStatus)).toEqual({ known: 'refused', httpStatus });
    expect(read(httpStatus, 'unknown', { 'retry-after': '2' })).toEqual({
      known: 'refused',
      httpStatus,
      retryAfterMs: 2_000,
    });
  });

  it('503 is refused only when it says when to come back', () => {
    expect(read(503, 'failed', { 'retry-after': '1' })).toEqual({
      known: 'refused',
      httpStatus: 503,
      retryAfterMs: 1_000,
    });
    expect(read(503)).toEqual({ known: 'unknown', code: 'server_error', httpStatus: 503 });
    expect(read(503, 'failed', { 'retry-after': 'later' })).toEqual({
      known: 'unknown',
      code: 'server_error',
      httpStatus: 503,
    });
  });

  it.each([300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 410, 422, 451, 499])(
    '%i is the tool’s own error',
    (httpStatus) => {
      expect(read(httpStatus)).toEqual({ known: 'tool_error', httpStatus });
      expect(read(httpStatus, 'unknown', { 'retry-after': '1' })).toEqual({ known: 'tool_error', httpStatus });
    },
  );

  it('500 is what the tool says it is', () => {
    expect(read(500, 'failed')).toEqual({ known: 'tool_error', httpStatus: 500 });
    expect(read(500, 'unknown')).toEqual({ known: 'unknown', code: 'server_error', httpStatus: 500 });
  });

  it.each([501, 502, 504, 507, 520, 599, 600, 999])('%i is unknown', (httpStatus) => {
    expect(read(httpStatus)).toEqual({ known: 'unknown', code: 'server_error', httpStatus });
  });
});
