import { z } from 'zod';
import type { Positions } from '../reading/source-position.js';

/** How far a published decision takes its stream: carried by every message, so that the stream itself knows where to go on. */
export const progress = z.object({
  /** By source: the last message all of whose endings are published. */
  done: z.record(z.string(), z.object({ seq: z.number().int(), mark: z.string() })),
  /** The event that this message was made of. */
  here: z.object({ source: z.string(), seq: z.number().int(), index: z.number().int() }),
});
export type Progress = z.output<typeof progress>;

export const PROGRESS_HEADER = 'Tollgate-Progress';

export const encodeProgress = (value: Progress): string => JSON.stringify(value);

export function decodeProgress(text: string): Progress | undefined {
  try {
    return progress.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether an event was published before the one that `published` was made of, or is that one. */
export const isBehind = (published: Progress | undefined, source: string, seq: number, index: number): boolean =>
  published !== undefined &&
  published.here.source === source &&
  (seq < published.here.seq || (seq === published.here.seq && index <= published.here.index));

export const positionsOf = (published: Progress | undefined): Positions => published?.done ?? {};
