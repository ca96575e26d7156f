import { SinkUnavailableError } from '../lane/sink.js';
import type { SourcePosition } from '../reading/source-position.js';

/** Redis as far as it is needed here. */
export interface RedisStore {
  hgetall(key: string): Promise<Record<string, string>>;
  eval(script: string, keys: number, ...keysAndArgs: (string | number)[]): Promise<unknown>;
}

export const encodePosition = (position: SourcePosition | undefined): string =>
  position === undefined ? '' : `${String(position.seq)}:${position.mark}`;

export function decodePosition(text: string | undefined): SourcePosition | undefined {
  const [, seq, mark] = /^(\d+):(.+)$/.exec(text ?? '') ?? [];
  return seq === undefined || mark === undefined ? undefined : { seq: Number(seq), mark };
}

/** Errors of the client are translated here and nowhere else. */
export async function fromRedis<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new SinkUnavailableError('Redis cannot be written', { cause });
  }
}
