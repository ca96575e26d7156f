import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { toolResult } from './tool-result.js';
import type { ReplyBody } from './reply.js';

const MAX = 262_144;
const result = (body: ReplyBody | string, encoding?: string): unknown => {
  const bytes =
    typeof body === 'string' && !['too_large', 'incomplete', 'unread'].includes(body) ? Buffer.from(body) : body;
  const headers = encoding === undefined ? {} : { 'content-encoding': encoding };
  return toolResult({ status: 200, headers, body: bytes as ReplyBody }, MAX);
};

describe('toolResult', () => {
  it.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['', {}],
    ['done', { value: 'done' }],
    ['{"a":', { value: '{"a":' }],
    ['null', { value: null }],
    ['[1,2]', { value: [1, 2] }],
    ['"text"', { value: 'text' }],
    ['42', { value: 42 }],
    ['false', { value: false }],
    ['{"a":1e400}', { value: '{"a":1e400}' }],
    ['{"a":"\\u0000"}', { a: '\u0000' }],
    ['{"a":"\\ud800"}', { a: '\ud800' }],
  ])('%j', (body, expected) => {
    expect(result(body)).toEqual(expected);
  });

  it('keeps __proto__ as an ordinary member', () => {
    const read = result('{"__proto__":{"admin":true},"a":1}') as object;
    expect(JSON.stringify(read)).toBe('{"__proto__":{"admin":true},"a":1}');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('keeps JSON that is nested too deep to be walked as text', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(result(deep)).toEqual({ value: deep });
    expect(result('['.repeat(127) + ']'.repeat(127))).not.toEqual({ value: expect.any(String) as string });
  });

  it('replaces what is not UTF-8', () => {
    expect(result(Buffer.from([0xff, 0x41]))).toEqual({ value: '\uFFFDA' });
  });

  it('says when the body was too large or cut off', () => {
    expect(result('too_large')).toEqual({ error: 'response_too_large' });
    expect(result('incomplete')).toEqual({ error: 'response_incomplete' });
  });

  it('takes plain text up to the limit, but not what grows past twice the limit by quoting', () => {
    expect(result('x'.repeat(MAX))).toEqual({ value: 'x'.repeat(MAX) });
    expect(result('\u0001'.repeat(MAX))).toEqual({ error: 'response_too_large' });
    expect(result(`[${'1e20,'.repeat(50_000)}1]`)).toEqual({ error: 'response_too_large' });
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    [' GZip ', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('decodes %s', (encoding, compress) => {
    expect(result(compress('{"a":1}'), encoding)).toEqual({ a: 1 });
  });

  it('survives a compressed body that is a bomb, broken, or in an unknown encoding', () => {
    expect(result(gzipSync(Buffer.alloc(50_000_000)), 'gzip')).toEqual({ error: 'response_too_large' });
    expect(result('not gzip', 'gzip')).toEqual({ error: 'response_incomplete' });
    expect(result(gzipSync('{"a":1}').subarray(0, 12), 'gzip')).toEqual({ error: 'response_incomplete' });
    expect(result('as is', 'rot13')).toEqual({ value: 'as is' });
    expect(result('{"a":1}', 'constructor')).toEqual({ a: 1 });
    expect(result('', 'gzip')).toEqual({});
  });
});
