import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range from which systems take ports for outgoing connections, so that a free port stays free until it is used. */
const FIRST = 20_000;
const LAST = 31_999;
/** A process looks in one of so many parts of the range, by its id: two that start at once do not find the same port free. */
const PARTS = 100;
const EACH = (LAST + 1 - FIRST) / PARTS;

let next = randomInt(EACH);

/** Why nobody may listen at this address now, or undefined when one may. */
export async function whyNotListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Below 32,768, and none that was given to this process shortly before. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const first = FIRST + (process.pid % PARTS) * EACH;
  for (let tries = 0; tries < EACH; tries++) {
    const port = first + next;
    next = (next + 1) % EACH;
    if ((await whyNotListen(host, port)) === undefined) return port;
  }
  throw new Error(`no free port between ${first} and ${first + EACH - 1} on ${host}`);
}
