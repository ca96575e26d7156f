import { idOfTime } from '@tollgate/events';
import type { PartitionedTable } from '../postgres/partition-list.js';
import { widthFor, type Span } from '../postgres/span.js';

const DAY_MS = 24 * 3_600_000;
/** The metrics of a rolling week count the calls of its first hour, whatever shorter time logs are kept. */
const CALLS_AT_LEAST_DAYS = 7;
/** A call may end, and a row of it be asked for, a while after the day that its partition is of. */
const MARGIN_DAYS = 1;
/** Of a call that nobody knows the end of: longer than its key is held. Then nobody can resolve it any more. */
const OPEN_DAYS = 32;

export interface KeptDays {
  readonly logs: number;
  readonly rollups: number;
}

/** What is to become of a partition: it stays, it goes but for what calls without a known end have in it, or it goes. */
export type Fate = 'stays' | 'goes but for open calls' | 'goes';

export function fateOf(table: PartitionedTable, { to }: Span, nowMs: number, { logs }: KeptDays): Fate {
  const days = table === 'calls' ? Math.max(logs, CALLS_AT_LEAST_DAYS) : logs;
  if (to > idBefore(nowMs, days + MARGIN_DAYS)) return 'stays';
  if (table === 'feed' || to <= idBefore(nowMs, Math.max(days, OPEN_DAYS) + MARGIN_DAYS)) return 'goes';
  return 'goes but for open calls';
}

/** For so long at most a row may be shown after it was made, which a partition of any width is dropped with. */
export const shownAtMostDays = (logs: number): number => logs + MARGIN_DAYS + WIDTH_DAYS[widthFor(logs)] + 1;

const WIDTH_DAYS = { day: 1, week: 7, month: 31 } as const;

/** A resolution is known as long as a call. */
export const resolvedSince = (nowMs: number, { logs }: KeptDays): Date => new Date(nowMs - logs * DAY_MS);

export const rollupsSince = (nowMs: number, { rollups }: KeptDays): Date => new Date(nowMs - rollups * DAY_MS);

const idBefore = (nowMs: number, days: number): number => idOfTime(nowMs - days * DAY_MS);
