import { idOfTime, timeOfId } from '@tollgate/events';

/** A stretch of event ids, which are times: `[from, to)`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Width = 'day' | 'week' | 'month';

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/** What is kept for so many days lies in some dozens of partitions at most, and is not kept much longer. */
export function widthFor(keptDays: number): Width {
  if (keptDays <= 31) return 'day';
  return keptDays <= 217 ? 'week' : 'month';
}

/** The stretch of this width around an id that no other takes; undefined when one does already. All begin at midnight, UTC. */
export function freeSpan(id: number, width: Width, taken: readonly Span[]): Span | undefined {
  if (taken.some(({ from, to }) => from <= id && id < to)) return undefined;
  const whole = spanAround(Math.max(0, timeOfId(id)), width);
  return {
    from: Math.max(whole.from, ...taken.filter(({ to }) => to <= id).map(({ to }) => to)),
    to: Math.min(whole.to, ...taken.filter(({ from }) => from > id).map(({ from }) => from)),
  };
}

function spanAround(timeMs: number, width: Width): Span {
  if (width === 'month') {
    const [year, month] = [new Date(timeMs).getUTCFullYear(), new Date(timeMs).getUTCMonth()];
    return spanOf(Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1));
  }
  const length = width === 'day' ? DAY_MS : WEEK_MS;
  const begins = Math.floor(timeMs / length) * length;
  return spanOf(begins, begins + length);
}

const spanOf = (fromMs: number, toMs: number): Span => ({ from: idOfTime(fromMs), to: idOfTime(toMs) });

/** `events_2026_11_21`, by its first day. */
export const partitionName = (table: string, { from }: Span): string =>
  `${table}_${new Date(timeOfId(from)).toISOString().slice(0, 10).replaceAll('-', '_')}`;

/** Which day an id is of: ids of one day lie in one partition. */
export const dayOfId = (id: number): number => Math.floor(id / (DAY_MS * 1_000));
export const firstIdOfDay = (day: number): number => day * DAY_MS * 1_000;
