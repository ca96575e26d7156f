import { commandRefused, lockRepeated, lockTaken, type Draft, type Lock } from '@tollgate/events';
import { creditsAfter, mayCharge } from '../credits/credits.js';
import type { Asked } from './asked.js';
import { taskKeyOf } from './tasks.state.js';

/** `POST /check-lock` (contract section 1): the first one locks, every other within its time is a duplicate, and charged. */
export function decideLock(asked: Asked, key: string, ttlSec: number): readonly Draft[] {
  const { state, tenant, plan, now, reply, repeatHash } = asked;
  const credits = (charged: number) => creditsAfter(state.credits, tenant, plan, 'make', now, charged);
  const known = state.tasks.locks.get(taskKeyOf(tenant, key))?.lock;
  if (known === undefined || known.until <= now) {
    const lock: Lock = { key, ttlSec, until: now + ttlSec * 1_000, firstSeenAt: now, ...withHash(repeatHash) };
    return [lockTaken.draft(tenant, { lock, credits: credits(0), reply })];
  }
  if (repeatHash !== undefined && known.repeatHash === repeatHash) {
    return [lockTaken.draft(tenant, { lock: known, credits: credits(0), again: true, reply })];
  }
  if (!mayCharge(state.credits, tenant, plan, 'make', now)) {
    const refusal = { key, does: 'lock', why: 'payment_required', credits: credits(0), reply } as const;
    return [commandRefused.draft(tenant, refusal)];
  }
  // Its `ttl` is what was asked for, clamped: a repeat does not refresh the lock.
  return [lockRepeated.draft(tenant, { lock: { ...known, ttlSec }, credits: credits(1), reply })];
}

const withHash = (repeatHash: string | undefined) => (repeatHash === undefined ? {} : { repeatHash });
