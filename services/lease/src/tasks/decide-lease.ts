import {
  commandRefused,
  creditsChecking,
  taskAcquired,
  taskExpired,
  taskPolled,
  type Command,
  type Draft,
  type Task,
} from '@tollgate/events';
import { creditsAfter, mayCharge } from '../credits/credits.js';
import { shown, type Asked } from './asked.js';
import { nextOfJob } from './jobs.js';
import { expires, rememberedUntil, taskKeyOf } from './tasks.state.js';

type Lease = Extract<Command, { does: 'lease' }>;

/** `POST /ai/lease`, and `/ai/run` with a key (contract sections 2 and 3.2). */
export function decideLease(asked: Asked, wanted: Lease): readonly Draft[] {
  const known = knownTask(asked, wanted.key);
  switch (known?.state.is) {
    case 'in_progress':
      // Its deadline has passed, though the timer has not said so yet.
      if (isOver(known, asked.now)) return overtaken(asked, wanted, known);
      return isFirstAnswerAgain(known, asked) ? acquiredAgain(asked, known) : polled(asked, known);
    case 'completed':
    case 'failed':
      return polled(asked, known);
    case 'expired':
      return acquire(asked, wanted, known, 0);
    case 'canceled':
    case 'reset':
    case undefined:
      return acquire(asked, wanted, known, 1);
  }
}

/** Its holder has let the deadline pass. */
export const isOver = (task: Task, now: number): boolean => expires(task) && task.until <= now;

function overtaken(asked: Asked, wanted: Lease, known: Task): readonly Draft[] {
  const expired: Task = { ...known, state: { is: 'expired', at: asked.now } };
  return [taskExpired.draft(asked.tenant, { task: expired }), ...acquire(asked, wanted, expired, 0)];
}

export function knownTask({ state, tenant, now }: Asked, key: string): Task | undefined {
  const known = state.tasks.tasks.get(taskKeyOf(tenant, key))?.task;
  return known === undefined || rememberedUntil(known) <= now ? undefined : known;
}

const isFirstAnswerAgain = ({ repeatHash }: Task, asked: Asked): boolean =>
  repeatHash !== undefined && repeatHash === asked.repeatHash;

function acquire(asked: Asked, wanted: Lease, known: Task | undefined, charged: 0 | 1): readonly Draft[] {
  const { state, tenant, plan, now, reply, repeatHash } = asked;
  if (charged === 1 && !mayCharge(state.credits, tenant, plan, 'ai', now)) {
    if (!asked.looked) {
      const { commandId: id, stampMs } = reply;
      return [creditsChecking.draft(tenant, { id, command: asked.whole, stampMs })];
    }
    const credits = creditsAfter(state.credits, tenant, plan, 'ai', now, 0);
    return [commandRefused.draft(tenant, { key: wanted.key, does: 'lease', why: 'payment_required', credits, reply })];
  }
  const credits = creditsAfter(state.credits, tenant, plan, 'ai', now, charged);
  const version = (known?.version ?? 0) + 1;
  const { key, ttlSec, leaseId, job } = wanted;
  const task: Task = {
    key,
    state: { is: 'in_progress' },
    leaseId,
    version,
    ttlSec,
    until: now + ttlSec * 1_000,
    // Of a key that expired it is kept; one that was given up or freed begins anew, and is charged anew.
    firstSeenAt: charged === 0 ? (known?.firstSeenAt ?? now) : now,
    acquired: { version, usage: credits.usage, charged },
    ...(repeatHash === undefined ? {} : { repeatHash }),
    ...(job === undefined ? {} : { job }),
  };
  return [taskAcquired.draft(tenant, { task, credits, reply }), ...nextOfJob(tenant, task, now)];
}

/** The same `Idempotency-Key`: a lost answer is not a lost lease. */
function acquiredAgain({ state, tenant, plan, now, reply }: Asked, task: Task): readonly Draft[] {
  const { version, usage, charged } = task.acquired;
  const credits = { ...creditsAfter(state.credits, tenant, plan, 'ai', now, 0), usage, charged };
  return [taskPolled.draft(tenant, { task: { ...shown(task), version }, credits, reply, asHolder: true })];
}

function polled({ state, tenant, plan, now, reply }: Asked, task: Task): readonly Draft[] {
  const credits = creditsAfter(state.credits, tenant, plan, 'ai', now, 0);
  return [taskPolled.draft(tenant, { task: shown(task), credits, reply })];
}
