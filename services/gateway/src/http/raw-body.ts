import type { IncomingMessage } from 'node:http';
import { ContractError } from './contract-error.js';

/** A body as it came: bytes, or the word that there were too many. It is judged after the key is. */
export type RawBody = Buffer | 'too_large';

/** Read to the end and thrown away up to here, so that a client sees the 413 and not a reset; then given up. */
const MAX_DISCARDED = 16 * 1024 * 1024;

/** Collects a body of at most `limit` bytes. Rejects when the client goes away. */
export function collectBody(stream: IncomingMessage, limit: number): Promise<RawBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size > MAX_DISCARDED) resolve('too_large');
    });
    stream.on('end', () => resolve(size > limit ? 'too_large' : Buffer.concat(chunks)));
    // Nobody is left to read it; it only must not pass for a bug of ours.
    const gone = () => reject(new ContractError(400, 'Bad Request'));
    stream.on('error', gone);
    stream.on('close', gone);
  });
}
