import { connect } from 'node:net';
import type { Api } from '../harness/index.js';
import type { Json } from './json.js';

export interface WireAnswer {
  readonly status: number;
  readonly body: Json;
}

/** Sends the bytes of a request as they are: for what no HTTP client would send. `path` is written in Latin-1. */
export async function wire(
  api: Api,
  method: string,
  path: string,
  headers: readonly string[] = [],
): Promise<WireAnswer> {
  const { hostname, port } = new URL(api.base);
  const key = api.key === undefined ? [] : [`Authorization: Bearer ${api.key}`];
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Connection: close', ...key, ...headers];
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'));
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  const [start = '', body = ''] = text.split('\r\n\r\n', 2);
  return { status: Number(start.split(' ')[1]), body: body === '' ? undefined : JSON.parse(body) };
}
