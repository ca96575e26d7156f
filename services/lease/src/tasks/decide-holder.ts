import {
  passOn,
  taskAnswered,
  taskCanceled,
  taskCompleted,
  taskExpired,
  taskExtended,
  taskFailed,
  taskReset,
  type Command,
  type Draft,
  type Task,
  type TaskState,
} from '@tollgate/events';
import { refused, shown, type Asked } from './asked.js';
import { isOver, knownTask } from './decide-lease.js';

type Word = Exclude<Command, { does: 'lock' | 'lease' | 'reset' }>;

/**
 * What the holder of a task says of it (contract section 2). Who let the deadline pass may still extend and complete
 * before somebody else leases it; what is finished answers the same word again and refuses any other.
 */
export function decideHolder(asked: Asked, word: Word): readonly Draft[] {
  const task = knownTask(asked, word.key);
  if (task === undefined || task.state.is === 'reset') return refused(asked, word, 'not_found');
  if (task.leaseId !== word.leaseId) return refused(asked, word, 'lease_mismatch');
  // The clock decides, not whether the timer has said so yet.
  const is = isOver(task, asked.now) ? 'expired' : task.state.is;
  if (is === 'in_progress') return [said(asked, task, word)];
  if (is === 'expired' && (word.does === 'extend' || word.does === 'complete')) return [said(asked, task, word)];
  if (SAID[word.does] === is) return [taskAnswered.draft(asked.tenant, { task: shown(task), reply: asked.reply })];
  return refused(asked, word, 'lease_finished');
}

/** The state that a word brings about. */
const SAID = { extend: undefined, complete: 'completed', fail: 'failed', cancel: 'canceled' } as const;

function said({ tenant, now, reply, place }: Asked, task: Task, word: Word): Draft {
  const ended = (state: TaskState): Task => ({ ...task, state });
  switch (word.does) {
    case 'extend': {
      const ttlSec = word.ttlSec ?? task.ttlSec;
      const until = now + ttlSec * 1_000;
      const more: Task = { ...task, state: { is: 'in_progress' }, version: task.version + 1, ttlSec, until };
      return taskExtended.draft(tenant, { task: more, reply });
    }
    case 'complete': {
      const { result, resultHash, resultDropped } = word;
      const kept = result && passOn(result, place);
      const state = { is: 'completed', at: now, ...defined({ result: kept, resultHash, resultDropped }) } as const;
      return taskCompleted.draft(tenant, { task: ended(state), reply });
    }
    case 'fail':
      return taskFailed.draft(tenant, { task: ended({ is: 'failed', at: now, errorCode: word.errorCode }), reply });
    case 'cancel':
      return taskCanceled.draft(tenant, { task: ended({ is: 'canceled', at: now }), reply });
  }
}

/** An operator frees a failed key; what expired or was given up is free already, and says that it failed. */
export function decideReset(asked: Asked, word: Extract<Command, { does: 'reset' }>): readonly Draft[] {
  const { tenant, now, reply } = asked;
  const known = knownTask(asked, word.key);
  if (known !== undefined && isOver(known, now)) {
    const expired: Task = { ...known, state: { is: 'expired', at: now } };
    return [taskExpired.draft(tenant, { task: expired }), freed(asked, expired)];
  }
  switch (known?.state.is) {
    case undefined:
      return refused(asked, word, 'not_found');
    case 'in_progress':
    case 'completed':
      return refused(asked, word, 'not_failed');
    case 'reset':
      return [taskAnswered.draft(tenant, { task: shown(known), reply })];
    case 'failed':
    case 'canceled':
    case 'expired':
      return [freed(asked, known)];
  }
}

const freed = ({ tenant, now, reply }: Asked, task: Task): Draft =>
  taskReset.draft(tenant, { task: { ...task, state: { is: 'reset', at: now } }, reply });

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const defined = <T extends object>(members: T): Partial<Defined<T>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>;
