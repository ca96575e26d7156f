import type { AuditTables } from '@tollgate/store';
import { sql, type Kysely } from 'kysely';
import type { Older } from './beginning.js';

const HOUR_MS = 3_600_000;

/** Older history, in Postgres. */
export const olderIn = (db: Kysely<AuditTables>): Older => ({
  eventsOf: async ({ journal, partition }, beforeId) => {
    const found = await db
      .selectFrom('events')
      .select('id')
      .where('journal', '=', journal)
      .where('partition', '=', partition)
      .$if(beforeId < Infinity, (query) => query.where('id', '<', beforeId))
      .limit(1)
      .executeTakeFirst();
    return found !== undefined;
  },
  counts: async (beforeMs) => {
    const hour = new Date(Math.floor(beforeMs / HOUR_MS) * HOUR_MS).toISOString();
    const { rows } = await sql<{ found: boolean }>`select
      exists (select from rollups_hourly where hour < ${hour})
      or exists (select from usage_daily where day < (${hour}::timestamptz at time zone 'UTC')::date) as found`.execute(
      db,
    );
    return rows[0]?.found === true;
  },
});
