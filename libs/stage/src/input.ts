import {
  callHeader,
  EventDecodeError,
  decodeEvent,
  decodeJson,
  type CallHeader,
  type TollgateEvent,
} from '@tollgate/events';
import { readBatch, type Position, type StoredMessage } from '@tollgate/journal';
import type { Source } from './stage-definition.js';
import { isTraceparent } from './tracing.js';

/** One thing to decide: an event of a source, something that happened here, or a timer. */
export type Input =
  | {
      readonly from: 'source';
      readonly source: string;
      readonly stream: string;
      readonly position: Position;
      readonly stampMs: number;
      readonly event: TollgateEvent | EventDecodeError;
      /** Monotonic milliseconds when it was read. */
      readonly readAt: number;
    }
  | { readonly from: 'local'; readonly type: string; readonly data: unknown }
  | { readonly from: 'timer' };

export type SourceInput = Extract<Input, { from: 'source' }>;

/** The inputs of one message, those behind `after` only. A message without events still moves the position. */
export function inputsOf(
  source: Source,
  stream: string,
  message: StoredMessage,
  after: Position | undefined,
  readAt: number,
): { readonly inputs: SourceInput[]; readonly end: Position } {
  const { mark, events } = source.kind === 'calls' ? single(message) : batch(message);
  const inputs = events.map((event, index): SourceInput => {
    const position = { mark, seq: message.seq, index };
    return { from: 'source', source: source.name, stream, position, stampMs: message.stampMs, event, readAt };
  });
  const behind = after !== undefined && after.seq === message.seq ? after.index : -1;
  return {
    inputs: inputs.filter((input) => input.position.index > behind),
    end: { mark, seq: message.seq, index: Math.max(0, events.length - 1) },
  };
}

function single(message: StoredMessage): { mark: string; events: (TollgateEvent | EventDecodeError)[] } {
  return { mark: message.mark, events: [attempt(() => decodeEvent(decodeJson(message.data)))] };
}

function batch(message: StoredMessage): { mark: string; events: readonly (TollgateEvent | EventDecodeError)[] } {
  const read = attempt(() => readBatch(message.data));
  return read instanceof EventDecodeError ? { mark: '', events: [read] } : { mark: read.epoch, events: read.events };
}

function attempt<T>(decode: () => T): T | EventDecodeError {
  try {
    return decode();
  } catch (error) {
    if (error instanceof EventDecodeError) return error;
    throw error;
  }
}

/** The call that an input belongs to, as far as even an unreadable one says so. */
export function callOf(event: TollgateEvent | EventDecodeError): CallHeader | undefined {
  const { call } = (dataOf(event) ?? {}) as { call?: unknown };
  const parsed = callHeader.safeParse(call);
  return parsed.success ? parsed.data : undefined;
}

/** The id of that call, also where nothing else of it can be read; what says something of a call that is over may bear no more. */
export function callIdOf(event: TollgateEvent | EventDecodeError): string | undefined {
  const { call, callId } = (dataOf(event) ?? {}) as { call?: { callId?: unknown } | null; callId?: unknown };
  return [call?.callId, callId].find(isId);
}

/** What cannot be read may hold anything: of it only what looks like an id goes into the journal. */
const isId = (id: unknown): id is string => typeof id === 'string' && /^\P{Cc}{1,128}$/u.test(id);

const dataOf = (event: TollgateEvent | EventDecodeError): unknown =>
  event instanceof EventDecodeError ? (event.raw as { data?: unknown } | undefined)?.data : event.data;

export function tenantOf(event: TollgateEvent | EventDecodeError): string | undefined {
  const tenant =
    event instanceof EventDecodeError ? (event.raw as { tenant?: unknown } | undefined)?.tenant : event.tenant;
  return typeof tenant === 'string' ? tenant : undefined;
}

/** The trace of an event, as far as even an unreadable one says so: nothing but a `traceparent` is taken from it. */
export function traceOf(event: TollgateEvent | EventDecodeError): string | undefined {
  if (!(event instanceof EventDecodeError)) return event.trace;
  const trace = (event.raw as { trace?: unknown } | undefined)?.trace;
  return typeof trace === 'string' && isTraceparent(trace) ? trace : undefined;
}
