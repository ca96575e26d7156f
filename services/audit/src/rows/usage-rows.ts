import { isEnding, type Reason, type TollgateEvent } from '@tollgate/events';
import type { UsageDailyTable } from '@tollgate/store';
import { isHeldByAnother } from './held-by-another.js';
import { isoTime, type Row } from './row.js';

export type UsageRow = Row<UsageDailyTable>;
export type UsageCount = Exclude<keyof UsageDailyTable, 'tenant' | 'day'>;
type Counts = Partial<Record<UsageCount, number>>;

const NOTHING: Readonly<Record<UsageCount, number>> = {
  checks_total: 0,
  locks_created: 0,
  duplicates_blocked: 0,
  checks_refused: 0,
  ai_requests: 0,
  ai_acquired: 0,
  ai_completed: 0,
  ai_failed: 0,
  ai_polled: 0,
  ai_charged: 0,
  ai_refused: 0,
  rate_limited: 0,
};
export const USAGE_COUNTS = Object.keys(NOTHING) as readonly UsageCount[];

/** What these events add to the usage of their tenants, by day (contract section 7). */
export function usageRows(events: readonly TollgateEvent[]): readonly UsageRow[] {
  const rows = new Map<string, UsageRow>();
  for (const event of events) {
    for (const row of rowsOf(event)) {
      const key = JSON.stringify([row.tenant, row.day]);
      rows.set(key, addUsage(rows.get(key), row));
    }
  }
  return [...rows.values()];
}

function rowsOf(event: TollgateEvent): readonly UsageRow[] {
  if (event.type === 'requests-limited')
    return event.data.counts.map(({ tenant, day, count }) => ({ tenant, day, ...NOTHING, rate_limited: count }));
  const counts = countsOf(event);
  return counts === undefined
    ? []
    : [{ tenant: event.tenant, day: isoTime(event.at).slice(0, 10), ...NOTHING, ...counts }];
}

/** A day's row and what is added to it. */
export function addUsage(row: UsageRow | undefined, added: UsageRow): UsageRow {
  if (row === undefined) return added;
  const sums = USAGE_COUNTS.map((name) => [name, row[name] + added[name]] as const);
  return { ...row, ...Object.fromEntries(sums) };
}

function countsOf(event: TollgateEvent): Counts | undefined {
  // A call is asked for once; how one in doubt ended after all changes nothing here.
  if (isEnding(event)) return event.type === 'resolved' ? undefined : countsOfCall(event.data.outcome.reason);
  switch (event.type) {
    case 'lock-taken':
      return { checks_total: 1, locks_created: event.data.again === true ? 0 : 1 };
    case 'lock-repeated':
      return { checks_total: 1, duplicates_blocked: 1 };
    case 'task-acquired':
      return { ai_requests: 1, ai_acquired: 1, ai_charged: event.data.credits.charged };
    case 'task-polled':
      return { ai_requests: 1, ai_polled: isHeldByAnother(event.data) ? 1 : 0 };
    case 'task-completed':
      return { ai_completed: 1 };
    case 'task-failed':
    case 'task-expired':
      return { ai_failed: 1 };
    case 'command-refused':
      return countsOfRefusal(event.data);
    case 'lease-acquired':
      return { ai_charged: 1 };
    case 'lease-settled':
      return countsOfSettled(event.data, event.at);
    default:
      return undefined;
  }
}

type DataOfType<T extends TollgateEvent['type']> = Extract<TollgateEvent, { type: T }>['data'];

/** A key that is not good has asked for nothing. */
const countsOfCall = (reason: Reason): Counts | undefined =>
  reason === 'invalid_api_key' ? undefined : { ai_requests: 1, ai_refused: reason === 'payment_required' ? 1 : 0 };

/** Any other refusal is of a holder's word or of a key that is not good: nothing that is counted was asked for. */
function countsOfRefusal({ does, why }: DataOfType<'command-refused'>): Counts | undefined {
  if (why !== 'payment_required') return undefined;
  return does === 'lock' ? { checks_total: 1, checks_refused: 1 } : { ai_requests: 1, ai_refused: 1 };
}

/** A month that is over stays as it was charged. */
function countsOfSettled({ how }: DataOfType<'lease-settled'>, at: number): Counts | undefined {
  if (how.state !== 'free' || how.givesBack !== isoTime(at).slice(0, 7)) return undefined;
  return { ai_charged: -1 };
}
