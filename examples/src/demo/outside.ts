import { text } from 'node:stream/consumers';
import { startServer } from './loopback-server.js';
import type { LoopbackServer } from './loopback-server.js';

export interface Outside extends LoopbackServer {
  /** Lines that were sent here. */
  readonly rows: number;
}

/** Somebody else's server: what arrives here has left. */
export async function startOutside(): Promise<Outside> {
  let rows = 0;
  const server = await startServer((request, response) => {
    void text(request).then((body) => {
      rows += body.split('\n').length - 1;
      response.writeHead(204).end();
    });
  });
  return {
    ...server,
    get rows() {
      return rows;
    },
  };
}
