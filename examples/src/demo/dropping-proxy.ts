import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { startServer } from './loopback-server.js';
import type { LoopbackServer } from './loopback-server.js';

export interface DroppingProxy extends LoopbackServer {
  readonly forwarded: number;
  readonly dropped: number;
}

/**
 * The bad network between an agent and what it calls: each request is passed on and acted upon, but on the way back the
 * TCP connection of the first is reset, so that its answer is lost.
 */
export async function startDroppingProxy(target: string): Promise<DroppingProxy> {
  const counted = { forwarded: 0, dropped: 0 };
  const server = await startServer((request, response) => {
    counted.forwarded += 1;
    pass(request, target).then(
      (answer) => {
        if (counted.dropped === 0) {
          counted.dropped += 1;
          request.socket.resetAndDestroy();
        } else reply(response, answer);
      },
      () => request.socket.destroy(),
    );
  });
  return {
    ...server,
    get forwarded() {
      return counted.forwarded;
    },
    get dropped() {
      return counted.dropped;
    },
  };
}

interface Passed {
  readonly status: number;
  readonly body: Buffer;
}

/** Resolves when the other side has answered in full. */
async function pass(request: IncomingMessage, target: string): Promise<Passed> {
  const response = await fetch(target + request.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
    body: await buffer(request),
  });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

function reply(response: ServerResponse, { status, body }: Passed): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
