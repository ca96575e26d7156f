import { setTimeout as delay } from 'node:timers/promises';
import type { SendResult } from './send-result.js';
import { answered, call, MAX, newClient, newTool, until } from './spec/calling.js';
import { answer, type Script } from './spec/scripted-tool.js';

describe('an answer with 2xx is executed', () => {
  it.each<[string, string | Buffer, unknown]>([
    ['without a body', answer(204), {}],
    ['with text', answer(200, 'done'), { value: 'done' }],
    ['with JSON that is no object', answer(201, '[1]'), { value: [1] }],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n', { a: 1 }],
    [
      'after 100 and 103',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n${answer(200, '{"a":1}').toString()}`,
      { a: 1 },
    ],
    ['as large as may be', answer(200, 'x'.repeat(MAX)), { value: 'x'.repeat(MAX) }],
    ['that is too large', answer(200, 'x'.repeat(MAX + 1)), { error: 'response_too_large' }],
  ])('%s', async (_name, bytes, result) => {
    expect(await answered(bytes)).toMatchObject({ known: 'executed', result });
  });

  it('of HTTP/1.0 that ends with the connection', async () => {
    expect(await answered('HTTP/1.0 200 OK\r\n\r\n{"a":1}', (socket) => socket.end())).toEqual({
      known: 'executed',
      httpStatus: 200,
      result: { a: 1 },
    });
  });

  it.each<[string, Script]>([
    ['closed', (socket) => socket.end()],
    ['reset', (socket) => setTimeout(() => socket.resetAndDestroy(), 20)],
  ])('also when the connection is %s in the middle of its body', async (_how, then) => {
    const incomplete = { known: 'executed', httpStatus: 200, result: { error: 'response_incomplete' } };
    expect(await answered('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":', then)).toEqual(incomplete);
    expect(await answered('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n', then)).toEqual(
      incomplete,
    );
  });

  it('also when its chunks are broken', async () => {
    const broken = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\nzz\r\n';
    expect(await answered(broken)).toMatchObject({ known: 'executed', result: { error: 'response_incomplete' } });
  });

  it('also when its body drips beyond the timeout', async () => {
    const drip: Script = (socket) => {
      const timer = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(timer));
    };
    const started = performance.now();
    const result = await answered('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', drip, { timeoutMs: 150 });
    expect(result).toMatchObject({ known: 'executed', result: { error: 'response_incomplete' } });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('a body without end is cut at the limit, and its connection with it', async () => {
    const tool = await newTool((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('x'.repeat(65_536)), 1);
      socket.once('close', () => clearInterval(timer));
    });
    const result = await call(newClient(), tool.url);
    expect(result).toMatchObject({ known: 'executed', result: { error: 'response_too_large' } });
    await until(() => tool.sockets[0]?.destroyed ?? false);
  });
});

describe('other answers', () => {
  it.each<[string, Buffer, SendResult]>([
    ['redirect, not followed', answer(302, '', 'Location: /elsewhere'), { known: 'tool_error', httpStatus: 302 }],
    ['404', answer(404, 'no'), { known: 'tool_error', httpStatus: 404 }],
    ['500', answer(500, 'oops'), { known: 'tool_error', httpStatus: 500 }],
    ['429', answer(429, '', 'Retry-After: 3'), { known: 'refused', httpStatus: 429, retryAfterMs: 3_000 }],
    [
      '503 with Retry-After',
      answer(503, '', 'Retry-After: 1'),
      { known: 'refused', httpStatus: 503, retryAfterMs: 1_000 },
    ],
    ['503 alone', answer(503), { known: 'unknown', code: 'server_error', httpStatus: 503 }],
    ['502', answer(502, '<html>'), { known: 'unknown', code: 'server_error', httpStatus: 502 }],
  ])('%s', async (_name, bytes, expected) => {
    expect(await answered(bytes)).toEqual(expected);
  });

  it('a redirect reaches the tool once', async () => {
    const tool = await newTool((socket) => socket.write(answer(307, '', `Location: http://127.0.0.1:1/`)));
    await call(newClient(), tool.url);
    await delay(30);
    expect(tool.requests).toHaveLength(1);
  });

  it('an error is known by its head, however long its body takes', async () => {
    const result = await answered('HTTP/1.1 400 Bad\r\nContent-Length: 10\r\n\r\n', undefined, { timeoutMs: 5_000 });
    expect(result).toEqual({ known: 'tool_error', httpStatus: 400 });
  });
});
