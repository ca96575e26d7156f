import { decodeEvent, decodeJson, EventDecodeError, type TollgateEvent } from '@tollgate/events';
import { readBatch, type Position, type StoredMessage } from '@tollgate/journal';
import type { Source } from './source.js';

/** One message of a source, decoded. What cannot be read is kept in its place, to be parked (rule 14). */
export interface ReadMessage {
  readonly source: Source;
  readonly seq: number;
  readonly stampMs: number;
  readonly bytes: Uint8Array;
  readonly events: readonly (TollgateEvent | EventDecodeError)[];
  /** Of a journal: how far its stage had decided each of its inputs. */
  readonly positions: Readonly<Record<string, Position>>;
  /** Of a journal: who wrote it. */
  readonly epoch: string;
}

/** Throws {@link EventDecodeError} `unknown_version` only: a newer release wrote it, so this one must stop. */
export function readMessage(source: Source, { seq, stampMs, data }: StoredMessage): ReadMessage {
  const content = contentOf(source, data);
  const newer = content.events.find((event) => event instanceof EventDecodeError && event.code === 'unknown_version');
  if (newer instanceof EventDecodeError) throw newer;
  return { source, seq, stampMs, bytes: data, ...content };
}

function contentOf(source: Source, data: Uint8Array): Pick<ReadMessage, 'events' | 'positions' | 'epoch'> {
  try {
    return source.kind === 'journal'
      ? readBatch(data)
      : { events: [decodeEvent(decodeJson(data))], positions: {}, epoch: '' };
  } catch (error) {
    if (error instanceof EventDecodeError) return { events: [error], positions: {}, epoch: '' };
    throw error;
  }
}

export const isReadable = (event: TollgateEvent | EventDecodeError): event is TollgateEvent =>
  !(event instanceof EventDecodeError);
