import { z } from 'zod';
import type { Positions } from '../reading/source-position.js';

const place = z.object({
  seq: z.number().int(),
  index: z.number().int(),
  /** Names the message at `seq`; only releases before it was added leave it out. */
  mark: z.string().optional(),
});
type Place = z.output<typeof place>;

/** How far a published decision takes its stream: carried by every message, so that the stream itself knows where to go on. */
export const progress = z.object({
  /** By source: the last message all of whose endings are published. */
  done: z.record(z.string(), z.object({ seq: z.number().int(), mark: z.string() })),
  /** The event that this message was made of. */
  here: place.extend({ source: z.string() }),
  /** Of other sources: the last event that was published although not all of `done` says so; whoever goes on reads it again. */
  partly: z.record(z.string(), place).default({}),
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

/** By source: the last event that is known to be published. */
export type Reached = Readonly<Record<string, Place>>;

export const reachedBy = (published: Progress | undefined): Reached => {
  if (published === undefined) return {};
  const { source, ...here } = published.here;
  return { ...published.partly, [source]: here };
};

/** Whether an event is the last one of its source that was published, or lies before it. */
export function isBehind(reached: Reached, source: string, seq: number, index: number): boolean {
  const last = reached[source];
  return last !== undefined && (seq < last.seq || (seq === last.seq && index <= last.index));
}

/** What of `reached` neither `done` nor the publication of `source` itself says. */
export const partlyOf = (reached: Reached, done: Positions, source: string): Reached =>
  Object.fromEntries(
    Object.entries(reached).filter(([name, { seq }]) => name !== source && seq > (done[name]?.seq ?? 0)),
  );

export const positionsOf = (published: Progress | undefined): Positions => published?.done ?? {};
