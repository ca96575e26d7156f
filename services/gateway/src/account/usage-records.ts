import type { AuditDatabase, UsageDailyTable } from '@tollgate/store';
import { sql } from 'kysely';
import type { MetricsQuery } from './account.schema.js';

/** What a tenant asked for in a while, of both kinds (contract section 7). */
export interface UsageTotals {
  readonly make: KindTotals;
  readonly ai: KindTotals;
}
interface KindTotals {
  readonly requests: number;
  readonly blocked: number;
  readonly charged: number;
  readonly polling: number;
}

/** Of days from `first` until before `end`; without them of all time. */
export async function usageTotals(
  database: AuditDatabase,
  tenant: string,
  days?: { readonly first: string; readonly end: string },
): Promise<UsageTotals> {
  const row = await database
    .selectFrom('usage_daily')
    .select([
      sum('checks_total').as('checks'),
      sum('checks_refused').as('refused'),
      sum('duplicates_blocked').as('duplicates'),
      sum('ai_requests').as('ai_requests'),
      sum('ai_refused').as('ai_refused'),
      sum('ai_charged').as('ai_charged'),
      sum('ai_polled').as('ai_polled'),
    ])
    .where('tenant', '=', tenant)
    .$if(days !== undefined, (query) => query.where('day', '>=', days?.first ?? '').where('day', '<', days?.end ?? ''))
    .executeTakeFirstOrThrow();
  return {
    make: { requests: row.checks, blocked: row.refused, charged: row.duplicates, polling: 0 },
    ai: { requests: row.ai_requests, blocked: row.ai_refused, charged: row.ai_charged, polling: row.ai_polled },
  };
}

/** Postgres sums as numeric, which the driver would hand on as text. */
const sum = (column: keyof UsageDailyTable) => sql<number>`coalesce(sum(${sql.ref(column)}), 0)::bigint`;

const METRICS = [
  'checks_total',
  'locks_created',
  'duplicates_blocked',
  'rate_limited',
  'ai_acquired',
  'ai_completed',
  'ai_failed',
] as const;
export type DayMetrics = Pick<UsageDailyTable, 'day' | (typeof METRICS)[number]>;

/** Days of a period on which anything was counted. */
export const metricsOf = (
  database: AuditDatabase,
  tenant: string,
  { from_day, to_day }: MetricsQuery,
): Promise<DayMetrics[]> =>
  database
    .selectFrom('usage_daily')
    .select([sql<string>`to_char(day, 'YYYY-MM-DD')`.as('day'), ...METRICS])
    .where('tenant', '=', tenant)
    .where('day', '>=', from_day)
    .where('day', '<=', to_day)
    .execute();

/** A day on which nothing was counted. */
export const emptyDay = (day: string): DayMetrics => ({
  day,
  checks_total: 0,
  locks_created: 0,
  duplicates_blocked: 0,
  rate_limited: 0,
  ai_acquired: 0,
  ai_completed: 0,
  ai_failed: 0,
});
