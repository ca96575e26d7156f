import { idOfTime, type TollgateEvent } from '@tollgate/events';
import { readBatch, type MessageBus } from '@tollgate/journal';
import { isReadable } from '../reading/read-message.js';
import { markOf } from '../reading/source-position.js';

type Reads = Pick<MessageBus, 'rangeOf' | 'message'>;

/** Everything up to this message of a journal happened before a time, everything behind it not; 0: nothing did. */
export interface JournalCut {
  readonly seq: number;
  readonly mark: string;
  readonly epoch: string | null;
  /** The highest id up to there; null when there is none, or none any more. */
  readonly lastId: number | null;
}

const NOTHING: JournalCut = { seq: 0, mark: '', epoch: null, lastId: null };

interface Found {
  readonly seq: number;
  readonly epoch: string;
  readonly events: readonly TollgateEvent[];
}

/** Where a journal begins now. */
export interface JournalStart {
  /** Something was purged from it. */
  readonly purged: boolean;
  /** Of the oldest event that it holds, ms since the epoch and id; Infinity where it holds none. */
  readonly at: number;
  readonly id: number;
}

export async function startOf(bus: Reads, stream: string): Promise<JournalStart> {
  const { first, last } = await rangeOf(bus, stream);
  const oldest = (await withEvents(bus, stream, first, last, 1))?.events[0];
  return { purged: first > 1, at: oldest?.at ?? Infinity, id: oldest?.id ?? Infinity };
}

/**
 * Where a journal is cut at a time, by the ids of its events, which only grow; `as it is` where it holds nothing to be read
 * again. Undefined when the time is in the middle of a message, or an id is ahead of its event's time just then: then it
 * cannot be cut cleanly.
 */
export async function cutAt(bus: Reads, stream: string, timeMs: number): Promise<JournalCut | 'as it is' | undefined> {
  if (timeMs === -Infinity) return NOTHING;
  const id = idOfTime(timeMs);
  const { first, last } = await rangeOf(bus, stream);
  let [below, above] = [first, last + 1];
  while (below < above) {
    const middle = Math.floor((below + above) / 2);
    const found = await withEvents(bus, stream, middle, above - 1, 1);
    if (found === undefined || lastIdOf(found) >= id) above = middle;
    else below = found.seq + 1;
  }
  const next = await withEvents(bus, stream, below, last, 1);
  if (next !== undefined && !isBehind(next, id, timeMs)) return undefined;
  return cutBefore(bus, stream, first, below);
}

/** An empty stream may say that it begins at 0. */
async function rangeOf(bus: Reads, stream: string): Promise<{ first: number; last: number }> {
  const { first, last } = await bus.rangeOf(stream);
  return { first: Math.max(1, first), last };
}

const lastIdOf = ({ events }: Found): number => events.at(-1)?.id ?? 0;

const isBehind = ({ events }: Found, id: number, timeMs: number): boolean =>
  events.every((event) => event.id >= id && event.at >= timeMs);

async function cutBefore(bus: Reads, stream: string, first: number, seq: number): Promise<JournalCut | 'as it is'> {
  if (seq === first) return first === 1 ? NOTHING : 'as it is';
  const message = await bus.message(stream, seq - 1);
  if (message === undefined) return 'as it is';
  const before = await withEvents(bus, stream, seq - 1, first, -1);
  return {
    seq: seq - 1,
    mark: markOf(message.data),
    epoch: contentOf(message.data).epoch,
    lastId: before === undefined ? null : lastIdOf(before),
  };
}

/** The first message from `from` to `to` that bears readable events; some bear positions only. */
async function withEvents(
  bus: Reads,
  stream: string,
  from: number,
  to: number,
  step: 1 | -1,
): Promise<Found | undefined> {
  for (let seq = from; step > 0 ? seq <= to : seq >= to; seq += step) {
    const message = await bus.message(stream, seq);
    if (message === undefined) continue;
    const { epoch, events } = contentOf(message.data);
    if (events.length > 0) return { seq, epoch, events };
  }
  return undefined;
}

function contentOf(bytes: Uint8Array): { readonly epoch: string; readonly events: readonly TollgateEvent[] } {
  try {
    const { epoch, events } = readBatch(bytes);
    return { epoch, events: events.filter(isReadable) };
  } catch {
    return { epoch: '', events: [] };
  }
}
