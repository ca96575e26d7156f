import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A key may be leased again, and a call in doubt be resolved, after more than the 24.8 days that an integer holds. */
export const longDurations: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.dropView('run_timeline').execute();
    await sql`alter table timeline alter column duration_ms type bigint`.execute(db);
    await createRunTimeline(db);
  },
};

/** As it was, with durations of any length. */
async function createRunTimeline(db: Kysely<unknown>): Promise<void> {
  const ofCall = sql`(partition by tenant, run_id, call_id order by id)`;
  // Clocks of two machines may differ by a moment: never less than nothing.
  const since = (start: typeof ofCall) =>
    sql`round(extract(epoch from greatest(ts, ${start}) - ${start}) * 1000)::bigint`;
  await sql`
    create view run_timeline as
    select id, tenant, run_id, call_id, ts, type, status,
      case
        when source = 'client' or duration_ms is not null then duration_ms
        when type in ('run_finished', 'run_resolved') then ${since(sql`first_value(ts) over ${ofCall}`)}
        else ${since(sql`lag(ts) over ${ofCall}`)}
      end as duration_ms,
      step, tool, req_id, lease_id, agent_id, message, data, source
    from timeline`.execute(db);
}
