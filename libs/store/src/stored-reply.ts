import type { Command, CommandRefusal, Credits, Lock, PayloadPlace, Reply, TollgateEvent } from '@tollgate/events';
import { storedTaskOf, type StoredTask } from './stored-task.js';

/** What the lease stage answered a command: the answer of a gateway is made of it, heard or looked up. */
export interface StoredReply {
  readonly type: TollgateEvent['type'];
  /** ms since the epoch. */
  readonly at: number;
  readonly task?: StoredTask;
  readonly lock?: Lock;
  readonly credits?: Credits;
  readonly why?: CommandRefusal;
  readonly does?: Command['does'];
  /** The holder itself asked again. */
  readonly asHolder?: boolean;
}

/** The answer that an event is, and to whom; undefined for any other. It lies at `place`. */
export function storedReplyOf(
  { type, at, data }: TollgateEvent,
  place?: PayloadPlace,
): { readonly reply: Reply; readonly stored: StoredReply } | undefined {
  if (!('reply' in data) || data.reply === undefined) return undefined;
  const stored: StoredReply = {
    type,
    at,
    ...('task' in data ? { task: storedTaskOf(data.task, place) } : {}),
    ...('lock' in data ? { lock: data.lock } : {}),
    ...('credits' in data && data.credits !== undefined ? { credits: data.credits } : {}),
    ...('why' in data ? { why: data.why, does: data.does } : {}),
    ...('asHolder' in data && data.asHolder === true ? { asHolder: true } : {}),
  };
  return { reply: data.reply, stored };
}

export const encodeStoredReply = (reply: StoredReply): string => JSON.stringify(reply);
export const decodeStoredReply = (text: string): StoredReply => JSON.parse(text) as StoredReply;

/** Somebody who asks for longer than this has been told to ask again. */
export const REPLY_TTL_MS = 120_000;
