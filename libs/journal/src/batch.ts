import { EventDecodeError, decodeEvent, decodeJson, type TollgateEvent } from '@tollgate/events';
import { z } from 'zod';

export const position = z.object({
  /** What the message at `seq` must bear: the epoch of a journal batch, the random word of a CALLS message (rule 3). */
  mark: z.string(),
  seq: z.number().int(),
  /** Place within the message, 0 where it holds one event. */
  index: z.number().int(),
});
/** Up to here, inclusive, every input has been decided. */
export type Position = z.output<typeof position>;

/** One append of a stage: what one turn decided, and how far that has taken it through its inputs. */
export interface Batch {
  readonly epoch: string;
  readonly positions: Readonly<Record<string, Position>>;
  readonly events: readonly TollgateEvent[];
}

const head = z.object({
  epoch: z.string(),
  positions: z.record(z.string(), position),
  events: z.array(z.unknown()),
});

/** A batch whose events may be unreadable one by one: a bad one is parked by its reader, not the whole batch. */
export interface ReadBatch {
  readonly epoch: string;
  readonly positions: Readonly<Record<string, Position>>;
  readonly events: readonly (TollgateEvent | EventDecodeError)[];
}

export const encodeBatch = (batch: Batch): Uint8Array => new TextEncoder().encode(JSON.stringify(batch));

/** Throws {@link EventDecodeError} when the frame itself cannot be read. */
export function readBatch(bytes: Uint8Array): ReadBatch {
  const parsed = head.safeParse(decodeJson(bytes));
  if (!parsed.success) throw new EventDecodeError('undecodable');
  const { epoch, positions, events } = parsed.data;
  return { epoch, positions, events: events.map(readable) };
}

/** A stage's own journal: everything in it must be readable, else the release is wrong (rule 14). */
export function decodeBatch(bytes: Uint8Array): Batch {
  const { epoch, positions, events } = readBatch(bytes);
  return {
    epoch,
    positions,
    events: events.map((event) => {
      if (event instanceof EventDecodeError) throw event;
      return event;
    }),
  };
}

function readable(value: unknown): TollgateEvent | EventDecodeError {
  try {
    return decodeEvent(value);
  } catch (error) {
    if (error instanceof EventDecodeError) return error;
    throw error;
  }
}
