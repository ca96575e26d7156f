import { sql } from 'kysely';
import { insertRows, type AuditTransaction } from './insert-rows.js';
import { sortedBy } from './sorted-by.js';
import type { RunRow } from '../rows/run-rows.js';

type RunKey = Pick<RunRow, 'tenant' | 'run_id' | 'agent'>;

/** What `foldRunRow` does, in SQL; and counts the runs that were not there. */
export async function addToRuns(trx: AuditTransaction, rows: readonly RunRow[]): Promise<void> {
  if (rows.length === 0) return;
  const sorted = sortedBy(rows, ({ tenant, run_id, agent }) => [tenant, run_id, agent]);
  const written = await insertRows(trx, 'runs', sorted)
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'run_id', 'agent']).doUpdateSet({
        last_id: later('last_id'),
        last_ts: later('last_ts') as never,
        last_type: later('last_type'),
        last_status: later('last_status'),
        last_source: later('last_source'),
        events_count: sql<number>`runs.events_count + excluded.events_count`,
      }),
    )
    // A row that was inserted has no transaction that changed it.
    .returning(['tenant', 'run_id', 'agent', sql<boolean>`xmax = 0`.as('is_new')])
    .execute();
  await countRuns(
    trx,
    written.filter(({ is_new }) => is_new),
  );
}

const later = <C extends keyof RunRow>(column: C) =>
  sql<RunRow[C]>`case
    when case when excluded.last_source = runs.last_source then excluded.last_id > runs.last_id
      else excluded.last_source = 'system' end
    then ${sql.ref(`excluded.${column}`)} else ${sql.ref(`runs.${column}`)} end`;

/** A run that has no other row than these is new to its tenant, too. */
async function countRuns(trx: AuditTransaction, added: readonly RunKey[]): Promise<void> {
  if (added.length === 0) return;
  await sql`
    with added as (
      select * from json_to_recordset(${JSON.stringify(added)}::json) as one (tenant text, run_id text, agent text)
    ), fresh as (
      select tenant, run_id from added
      group by tenant, run_id
      having count(*) = (select count(*) from runs where (runs.tenant, runs.run_id) = (added.tenant, added.run_id))
    )
    insert into run_counts (tenant, covers, agent, runs)
    select tenant, 'agent', agent, count(*) from added group by tenant, agent
    union all
    select tenant, 'tenant', '', count(*) from fresh group by tenant
    order by 1, 2, 3
    on conflict (tenant, covers, agent) do update set runs = run_counts.runs + excluded.runs`.execute(trx);
}
