import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const COUNTS = [
  'checks_total',
  'locks_created',
  'duplicates_blocked',
  'checks_refused',
  'ai_requests',
  'ai_acquired',
  'ai_completed',
  'ai_failed',
  'ai_polled',
  'ai_charged',
  'ai_refused',
  'rate_limited',
] as const;

/** Usage by day. Calls were counted by hour before: what they amount to is taken over; locks and leases were not there yet. */
export const usage: Migration = {
  async up(db: Kysely<unknown>) {
    const table = db.schema
      .createTable('usage_daily')
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('day', 'date', (column) => column.notNull())
      .addPrimaryKeyConstraint('usage_daily_pkey', ['tenant', 'day']);
    await COUNTS.reduce(
      (made, name) => made.addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0)),
      table,
    ).execute();
    await sql`insert into usage_daily (tenant, day, ai_requests, ai_charged)
      select tenant, (hour at time zone 'UTC')::date, sum(count), coalesce(sum(count) filter (where decision = 'executed'), 0)
      from rollups_hourly where reason <> 'invalid_api_key' group by 1, 2`.execute(db);
  },
};
