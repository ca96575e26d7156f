import { connect } from 'node:net';

/**
 * Connects, sends, and resolves to the first bytes of the answer as Latin-1; to undefined when nobody answers in time.
 * Enough of a client to know that a server is ready, without a driver for each.
 */
export async function firstAnswer(
  port: number,
  request: Uint8Array | string,
  timeoutMs = 1_000,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const done = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => done(undefined));
    socket.once('error', () => done(undefined));
    socket.once('close', () => done(undefined));
    socket.once('connect', () => request.length > 0 && socket.write(request));
    socket.once('data', (chunk) => done(chunk.toString('latin1')));
  });
}
