import type { AuditTables } from '@tollgate/store';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Partition } from '../postgres/partition-list.js';
import { attachPartition } from '../postgres/partitions.js';
import type { Fate } from './kept.js';
import { collectOpenCalls, isOfOpenCall } from './open-calls.js';

type Pruning = Transaction<AuditTables>;

/** Everybody who reads or writes the table waits for as long at most; then it is tried again another time. */
const LOCK_TIMEOUT = '2s';
const GONE = 'gone_';

/**
 * Takes a partition away: at once, for everybody. Its rows of open calls come back as a small partition in its place.
 * What was a part of `timeline` is left for `pruneRuns`, which counts it; anything else is dropped.
 */
export async function prunePartition(
  db: Kysely<AuditTables>,
  partition: Partition,
  fate: Exclude<Fate, 'stays'>,
  resolvedSince: Date,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const keeps = fate === 'goes but for open calls';
    if (keeps) await collectOpenCalls(trx, partition.to, resolvedSince);
    if (keeps && !(await hasOthers(trx, partition))) return false;
    const gone = await takeAway(trx, partition);
    if (keeps) await giveBack(trx, partition, gone);
    if (partition.table !== 'timeline') await trx.schema.dropTable(gone).execute();
    return true;
  });
}

/** The parts of `timeline` that were taken away, also by a process that died then. */
export async function goneTimelines(db: Kysely<AuditTables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and starts_with(relname, ${`${GONE}timeline_`}) and pg_table_is_visible(oid)
    order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

/** Rows that nobody needs; or none at all. */
async function hasOthers(trx: Pruning, { table, name }: Partition): Promise<boolean> {
  const part = sql.table(name);
  const { rows } = await sql<{ found: boolean }>`
    select not exists (select from ${part}) or exists (
      select from ${part} part where not exists (select from open_calls where ${isOfOpenCall(table)})
    ) as found`.execute(trx);
  return rows[0]?.found === true;
}

async function takeAway(trx: Pruning, { table, name, to }: Partition): Promise<string> {
  const gone = `${GONE}${table}_${String(to)}`;
  await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT)}`.execute(trx);
  await sql`alter table ${sql.table(table)} detach partition ${sql.table(name)}`.execute(trx);
  await sql`set local lock_timeout = 0`.execute(trx);
  await sql`alter table ${sql.table(name)} rename to ${sql.table(gone)}`.execute(trx);
  return gone;
}

async function giveBack(trx: Pruning, partition: Partition, gone: string): Promise<void> {
  const { table, name } = partition;
  const part = sql.table(name);
  await sql`create table ${part} (like ${sql.table(table)} including defaults including constraints)`.execute(trx);
  const { numAffectedRows } = await sql`
    with kept as (delete from ${sql.table(gone)} part using open_calls where ${isOfOpenCall(table)} returning part.*)
    insert into ${part} select * from kept`.execute(trx);
  if (numAffectedRows === 0n) await trx.schema.dropTable(name).execute();
  else await attachPartition(trx, partition);
}
