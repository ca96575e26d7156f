import { z } from 'zod';
import type { Draft } from './event.js';
import { EVENT_KINDS, type TollgateEvent } from './kinds.js';

const KIND_BY_TYPE = new Map(EVENT_KINDS.map((kind) => [kind.type as string, kind]));

const envelope = z.object({
  type: z.string(),
  v: z.number().int(),
  id: z.number().int(),
  at: z.number(),
  tenant: z.string(),
  trace: z.string().optional(),
  data: z.unknown(),
});

/** Why an event could not be read: `unknown_version` means that a newer release wrote it, and stops its reader (rule 14). */
export class EventDecodeError extends Error {
  override readonly name = 'EventDecodeError';
  constructor(
    readonly code: 'undecodable' | 'unknown_type' | 'unknown_version',
    readonly inputType?: string,
    /** What could be parsed of it: a salvaged call header lets its stage end the call. */
    readonly raw?: unknown,
  ) {
    super(code);
  }
}

export function finish<D extends Draft>(draft: D, id: number, at: number): TollgateEvent {
  return { ...draft, v: KIND_BY_TYPE.get(draft.type)?.version ?? 1, id, at } as unknown as TollgateEvent;
}

/** Checks a parsed event against the schema of its kind. Throws {@link EventDecodeError}. */
export function decodeEvent(value: unknown): TollgateEvent {
  const head = envelope.safeParse(value);
  if (!head.success) throw new EventDecodeError('undecodable', undefined, value);
  const { type, v } = head.data;
  const kind = KIND_BY_TYPE.get(type);
  if (kind === undefined) throw new EventDecodeError('unknown_type', type, value);
  if (v > kind.version) throw new EventDecodeError('unknown_version', type, value);
  const data = kind.schema.safeParse(head.data.data);
  if (!data.success) throw new EventDecodeError('undecodable', type, value);
  return { ...head.data, data: data.data } as TollgateEvent;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch {
    throw new EventDecodeError('undecodable');
  }
}
