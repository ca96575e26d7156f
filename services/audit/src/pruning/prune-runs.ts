import type { AuditTables } from '@tollgate/store';
import { sql, type Kysely, type Transaction } from 'kysely';

type Pruning = Transaction<AuditTables>;

/**
 * A part of `timeline` is gone: a run counts the rows that there are, and one of which nothing is left is no run. A new row
 * of such a run, at this very moment, waits for this and makes it anew.
 */
export const pruneRuns = (db: Kysely<AuditTables>, gone: string): Promise<void> =>
  db.transaction().execute((trx) => takeFromRuns(trx, gone));

/** Drops what is gone, once it counts no more. */
export async function takeFromRuns(trx: Pruning, gone: string): Promise<void> {
  await sql`
    create temp table gone_rows on commit drop as
    select tenant, run_id, coalesce(agent_id, '') as agent, count(*) as events from ${sql.table(gone)}
    group by 1, 2, 3`.execute(trx);
  await sql`analyze gone_rows`.execute(trx);
  await deleteRuns(trx);
  await discountRuns(trx);
  await trx.schema.dropTable(gone).execute();
}

async function deleteRuns(trx: Pruning): Promise<void> {
  await sql`create temp table gone_runs (tenant text, run_id text, agent text) on commit drop`.execute(trx);
  await sql`
    with gone as (
      delete from runs using gone_rows
      where (runs.tenant, runs.run_id, runs.agent) = (gone_rows.tenant, gone_rows.run_id, gone_rows.agent)
        and runs.events_count <= gone_rows.events
      returning runs.tenant, runs.run_id, runs.agent
    )
    insert into gone_runs select * from gone`.execute(trx);
  await sql`analyze gone_runs`.execute(trx);
  await sql`
    update run_counts set runs = run_counts.runs - gone.runs
    from (select tenant, agent, count(*) as runs from gone_runs group by tenant, agent) gone
    where run_counts.tenant = gone.tenant and covers = 'agent' and run_counts.agent = gone.agent`.execute(trx);
  await sql`
    update run_counts set runs = run_counts.runs - gone.runs
    from (
      select tenant, count(distinct run_id) as runs from gone_runs
      where not exists (
        select from runs where (runs.tenant, runs.run_id) = (gone_runs.tenant, gone_runs.run_id)
      )
      group by tenant
    ) gone
    where run_counts.tenant = gone.tenant and covers = 'tenant'`.execute(trx);
  await sql`delete from run_counts where runs <= 0`.execute(trx);
}

/** In the order in which rows are written: two transactions never wait for each other. */
async function discountRuns(trx: Pruning): Promise<void> {
  await sql`
    with left_over as (
      select runs.tenant, runs.run_id, runs.agent, gone_rows.events
      from runs join gone_rows using (tenant, run_id, agent)
      order by runs.tenant, runs.run_id, runs.agent
      for update of runs
    )
    update runs set events_count = runs.events_count - left_over.events from left_over
    where (runs.tenant, runs.run_id, runs.agent) = (left_over.tenant, left_over.run_id, left_over.agent)`.execute(trx);
}
