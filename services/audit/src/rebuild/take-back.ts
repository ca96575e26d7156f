import { idOfTime } from '@tollgate/events';
import type { AuditTables } from '@tollgate/store';
import { sql, type Transaction } from 'kysely';
import { takeFromRuns } from '../pruning/prune-runs.js';
import { USAGE_COUNTS } from '../rows/usage-rows.js';
import type { Beginning } from './beginning.js';

type Rebuild = Transaction<AuditTables>;

/** Its name is that of a part of `timeline` that pruning took away: `takeFromRuns` drops it. */
const GONE = 'gone_timeline_rebuild';

/**
 * Takes everything out of the record that the journals will say again, and sets the positions back to there. What clients
 * posted, and counts of refused requests, are from NOTES and stay; so does everything before the beginning.
 */
export async function takeBack(trx: Rebuild, { since, cuts }: Beginning): Promise<void> {
  const id = since === -Infinity ? 0 : idOfTime(since);
  await takeRows(trx, id);
  await takeCounts(trx, since);
  for (const [source, cut] of cuts) await setBack(trx, source, cut);
}

/** CONFIG is never purged: all its changes are said again. */
export async function takeBackConfig(trx: Rebuild, sources: readonly string[]): Promise<void> {
  if (sources.length === 0) return;
  await trx.deleteFrom('config_changes').execute();
  await trx.deleteFrom('projection_positions').where('source', 'in', sources).execute();
}

async function takeRows(trx: Rebuild, id: number): Promise<void> {
  await trx.deleteFrom('events').where('id', '>=', id).execute();
  await trx.deleteFrom('feed').where('id', '>=', id).execute();
  // A call that was in doubt before and was resolved since is not made anew: its row says so already.
  await trx
    .deleteFrom('calls')
    .where((call) => call.or([call('requested_id', '>=', id), call('ended_id', '>=', id)]))
    .execute();
  await sql`create table ${sql.table(GONE)} as
    with gone as (delete from timeline where source = 'system' and id >= ${sql.lit(id)} returning tenant, run_id, agent_id)
    select * from gone`.execute(trx);
  await takeFromRuns(trx, GONE);
  // What comes again has the id that the run had last: it must count as later than what is left.
  await trx
    .updateTable('runs')
    .set({ last_id: 0 })
    .where('last_source', '=', 'system')
    .where('last_id', '>=', id)
    .execute();
}

async function takeCounts(trx: Rebuild, since: number): Promise<void> {
  const from = since === -Infinity ? sql`'-infinity'` : sql`${new Date(since).toISOString()}`;
  await sql`delete from rollups_hourly where hour >= ${from}::timestamptz`.execute(trx);
  const counted = USAGE_COUNTS.filter((name) => name !== 'rate_limited');
  await sql`update usage_daily set ${sql.join(counted.map((name) => sql`${sql.ref(name)} = 0`))}
    where day >= (${from}::timestamptz at time zone 'UTC')::date`.execute(trx);
}

/** A projection that is not so far yet has nothing to take back. */
async function setBack(
  trx: Rebuild,
  source: string,
  { seq, mark, epoch, lastId }: { seq: number; mark: string; epoch: string | null; lastId: number | null },
): Promise<void> {
  const positions = trx.deleteFrom('projection_positions').where('source', '=', source);
  if (seq === 0) await positions.execute();
  else
    await trx
      .updateTable('projection_positions')
      .set({ seq, mark, index: 0, epoch, last_id: lastId })
      .where('source', '=', source)
      .where('seq', '>', seq)
      .execute();
}
