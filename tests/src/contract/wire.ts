import { connect } from 'node:net';
import type { Api } from '../harness/index.js';
import type { Json } from './json.js';

export interface WireAnswer {
  readonly status: number;
  readonly body: Json;
}

/** Sends a request without a body, its path as it is, in Latin-1: for what no HTTP client would send. */
export function wire(api: Api, method: string, path: string, headers: readonly string[] = []): Promise<WireAnswer> {
  const { host } = new URL(api.base);
  const key = api.key === undefined ? [] : [`Authorization: Bearer ${api.key}`];
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...key, ...headers];
  return wireText(api, `${head.join('\r\n')}\r\n\r\n`);
}

/** Sends anything, until the gateway closes. */
export async function wireText(api: Api, text: string): Promise<WireAnswer> {
  const { hostname, port } = new URL(api.base);
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.from(text, 'latin1'));
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += String(chunk);
  const [start = '', body = ''] = answer.split('\r\n\r\n', 2);
  return { status: Number(start.split(' ')[1]), body: body === '' ? undefined : JSON.parse(body) };
}
