import type { Task, TollgateEvent } from '@tollgate/events';
import {
  encodeStoredReply,
  encodeStoredTask,
  replyKey,
  REPLY_TTL_MS,
  storedReplyOf,
  storedTaskOf,
  TASK_REMEMBERED_MS,
  taskKey,
} from '@tollgate/store';
import type { RecordedEvent } from '../rows/recorded-event.js';

/** A string in Redis, and in how many ms it expires; 0 is never. */
export interface StoredString {
  readonly value: string;
  readonly expiresMs: number;
}

/** Tasks as they stand after some events of LEASE, and the answers among them, for gateways that did not hear them. */
export function storedStrings(recorded: readonly RecordedEvent[], nowMs: number): ReadonlyMap<string, StoredString> {
  const strings = new Map<string, StoredString>();
  for (const { event, stream, seq, index } of recorded) {
    const place = { stream, seq, index };
    const answer = event.at > nowMs - REPLY_TTL_MS ? storedReplyOf(event, place) : undefined;
    if (answer !== undefined) {
      const value = encodeStoredReply(answer.stored);
      strings.set(replyKey(event.tenant, answer.reply.commandId), { value, expiresMs: REPLY_TTL_MS });
    }
    const task = changedTask(event);
    if (task === undefined) continue;
    const value = encodeStoredTask(storedTaskOf(task, place));
    strings.set(taskKey(event.tenant, task.key), { value, expiresMs: expiresIn(task, nowMs) });
  }
  return strings;
}

function changedTask(event: TollgateEvent): Task | undefined {
  switch (event.type) {
    case 'task-acquired':
    case 'task-extended':
    case 'task-completed':
    case 'task-failed':
    case 'task-canceled':
    case 'task-expired':
    case 'task-reset':
    case 'task-carried':
      return event.data.task;
    default:
      return undefined;
  }
}

/** One that is forgotten by now goes at once: it takes the place of what was in progress, which never expires. */
function expiresIn({ state }: Task, nowMs: number): number {
  if (state.is === 'in_progress') return 0;
  return Math.max(1, state.at + TASK_REMEMBERED_MS - nowMs);
}
