import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range from which systems take ports for outgoing connections, so that a free port stays free until it is used. */
const FIRST = 20_000;
const LAST = 31_999;

/** Why nobody may listen at this address now, or undefined when one may. */
export async function whyNotListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = randomInt(FIRST, LAST + 1);
    if ((await whyNotListen(host, port)) === undefined) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST} on ${host}`);
}
