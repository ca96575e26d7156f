import type { Command, CommandRefusal } from '@tollgate/events';
import { DAY, SECOND } from './calls.js';

/** What contract section 2 says of one key, and nothing of how it is done. */
export interface Known {
  readonly is: 'in_progress' | 'completed' | 'failed' | 'canceled' | 'expired' | 'reset';
  readonly leaseId: string;
  readonly version: number;
  readonly ttlSec: number;
  readonly until: number;
  readonly firstSeenAt: number;
  /** When it ended. */
  readonly at: number;
  readonly isJob: boolean;
  readonly repeatHash: string | undefined;
  /** What its holder was answered first. */
  readonly first: { readonly version: number; readonly charged: 0 | 1 };
}

/** What a caller must be answered, and how the key stands then. */
export interface Answer {
  readonly type: string;
  readonly why?: CommandRefusal;
  readonly leaseId?: string;
  readonly version?: number;
  readonly charged?: 0 | 1;
  readonly firstSeenAt?: number;
  readonly after: Known | undefined;
}

export interface Asking {
  readonly now: number;
  readonly repeatHash: string | undefined;
  /** One more credit may be used. */
  readonly mayCharge: boolean;
}

const WEEK = 7 * DAY;

/** As it is now: the clock decides, whoever has said so. */
export function standing(known: Known | undefined, now: number): Known['is'] | 'absent' {
  if (known === undefined) return 'absent';
  if (known.is === 'in_progress') return !known.isJob && known.until <= now ? 'expired' : 'in_progress';
  return known.at + WEEK <= now ? 'absent' : known.is;
}

type Leasing = Extract<Command, { does: 'lease' }>;
type Holding = Extract<Command, { leaseId: string; does: 'extend' | 'complete' | 'fail' | 'cancel' }>;

export function leaseAnswer(known: Known | undefined, wanted: Leasing, asking: Asking): Answer {
  const is = standing(known, asking.now);
  if (known === undefined || is === 'absent') return acquire(undefined, wanted, asking, 1);
  switch (is) {
    case 'in_progress': {
      const again = known.repeatHash !== undefined && known.repeatHash === asking.repeatHash;
      const shown = again ? known.first : { version: known.version, charged: 0 as const };
      return { type: 'task-polled', leaseId: known.leaseId, ...shown, after: known };
    }
    case 'completed':
    case 'failed':
      return { type: 'task-polled', leaseId: known.leaseId, version: known.version, charged: 0, after: known };
    case 'expired':
      return acquire(known, wanted, asking, 0);
    case 'canceled':
    case 'reset':
      return acquire(known, wanted, asking, 1);
  }
}

function acquire(known: Known | undefined, wanted: Leasing, asking: Asking, charged: 0 | 1): Answer {
  if (charged === 1 && !asking.mayCharge) return { type: 'command-refused', why: 'payment_required', after: known };
  const { now, repeatHash } = asking;
  const { leaseId, ttlSec, job } = wanted;
  const version = (known?.version ?? 0) + 1;
  const firstSeenAt = charged === 0 ? (known?.firstSeenAt ?? now) : now;
  const until = now + ttlSec * SECOND;
  const isJob = job !== undefined;
  const held = { is: 'in_progress', leaseId, version, ttlSec, until, firstSeenAt, at: 0, isJob, repeatHash } as const;
  const after = { ...held, first: { version, charged } };
  return { type: 'task-acquired', leaseId, version, charged, firstSeenAt, after };
}

const ENDS = { complete: 'completed', fail: 'failed', cancel: 'canceled' } as const;

export function holderAnswer(known: Known | undefined, word: Holding, now: number): Answer {
  const is = standing(known, now);
  if (known === undefined || is === 'absent' || is === 'reset') return refused('not_found', known);
  if (known.leaseId !== word.leaseId) return refused('lease_mismatch', known);
  const { does } = word;
  const may = is === 'in_progress' || (is === 'expired' && (does === 'extend' || does === 'complete'));
  if (may) return said(known, word, now);
  return does !== 'extend' && ENDS[does] === is
    ? { type: 'task-answered', version: known.version, after: known }
    : refused('lease_finished', known);
}

function said(known: Known, word: Holding, now: number): Answer {
  if (word.does !== 'extend') {
    const is = ENDS[word.does];
    return { type: `task-${is}`, version: known.version, after: { ...known, is, at: now } };
  }
  const ttlSec = word.ttlSec ?? known.ttlSec;
  const version = known.version + 1;
  const after: Known = { ...known, is: 'in_progress', version, ttlSec, until: now + ttlSec * SECOND };
  return { type: 'task-extended', version, after };
}

export function resetAnswer(known: Known | undefined, now: number): Answer {
  const is = standing(known, now);
  if (known === undefined || is === 'absent') return refused('not_found', known);
  if (is === 'in_progress' || is === 'completed') return refused('not_failed', known);
  if (is === 'reset') return { type: 'task-answered', version: known.version, after: known };
  return { type: 'task-reset', version: known.version, after: { ...known, is: 'reset', at: now } };
}

const refused = (why: CommandRefusal, after: Known | undefined): Answer => ({ type: 'command-refused', why, after });
