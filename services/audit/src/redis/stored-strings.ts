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
    const expiresMs = task === undefined ? -1 : expiresIn(task, nowMs);
    if (task === undefined || expiresMs < 0) continue;
    strings.set(taskKey(event.tenant, task.key), { value: encodeStoredTask(storedTaskOf(task, place)), expiresMs });
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

/** Negative for one that is forgotten already. */
function expiresIn({ state }: Task, nowMs: number): number {
  if (state.is === 'in_progress') return 0;
  return Math.max(-1, state.at + TASK_REMEMBERED_MS - nowMs);
}
