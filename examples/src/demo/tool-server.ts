import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { send } from './http-client.js';
import { startServer } from './loopback-server.js';
import type { LoopbackServer } from './loopback-server.js';

/** What a tool does when it is called, and what it has counted of it. */
export interface Tool<Counters extends object> {
  readonly name: string;
  act(args: Readonly<Record<string, unknown>>): Promise<object> | object;
  counters(): Counters;
}

export interface ServedTool<Counters extends object> extends LoopbackServer {
  readonly name: string;
  /** Its own count, read from it over HTTP. */
  counters(): Promise<Counters>;
}

/**
 * A tool on its own HTTP server: `POST /` calls it, `GET /counters` says what reached it.
 * @param secret when given, only requests that are signed with it are let in: that is how a tool behind Tollgate knows
 *   that nobody came around it
 */
export async function serveTool<Counters extends object>(
  tool: Tool<Counters>,
  secret?: string,
): Promise<ServedTool<Counters>> {
  const server = await startServer((request, response) => {
    if (request.method === 'GET') return answer(response, 200, tool.counters());
    called(tool, request, secret).then(
      ({ status, body }) => answer(response, status, body),
      () => answer(response, 500, { error: 'failed' }),
    );
  });
  const counters = async () => (await send({ method: 'GET', url: `${server.url}/counters` })).body as Counters;
  return { ...server, name: tool.name, counters };
}

async function called(tool: Tool<object>, request: IncomingMessage, secret: string | undefined): Promise<Called> {
  const raw = await buffer(request);
  if (secret !== undefined && !isSigned(raw, secret, request.headers['x-onceonly-signature'])) {
    return { status: 401, body: { error: 'not signed by Tollgate' } };
  }
  const { args } = JSON.parse(raw.toString('utf8')) as { args: Readonly<Record<string, unknown>> };
  return { status: 200, body: await tool.act(args) };
}

interface Called {
  readonly status: number;
  readonly body: object;
}

/** The signature is the hex HMAC-SHA256 of the raw body. */
function isSigned(raw: Buffer, secret: string, signature: unknown): boolean {
  const expected = createHmac('sha256', secret).update(raw).digest();
  const given = Buffer.from(String(signature), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
