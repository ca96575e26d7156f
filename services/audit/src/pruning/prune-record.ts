import type { AuditDatabase, AuditTables } from '@tollgate/store';
import { sql, type Kysely } from 'kysely';
import { listPartitions, type Partition } from '../postgres/partition-list.js';
import { fateOf, resolvedSince, rollupsSince, type KeptDays } from './kept.js';
import { goneTimelines, prunePartition } from './prune-partition.js';
import { pruneRuns } from './prune-runs.js';

export interface Pruned {
  /** Names of partitions. */
  readonly partitions: readonly string[];
  readonly rollups: number;
}

/**
 * Drops what the record need not hold any more. One process does it at a time: undefined when another is at it.
 *
 * @param db A single connection, which may take its time.
 */
export async function pruneRecord(db: AuditDatabase, nowMs: number, kept: KeptDays): Promise<Pruned | undefined> {
  return db.connection().execute(async (one) => {
    if (!(await lock(one))) return undefined;
    try {
      for (const gone of await goneTimelines(one)) await pruneRuns(one, gone);
      const partitions = await prunePartitions(one, nowMs, kept);
      return { partitions, rollups: await pruneRollups(one, nowMs, kept) };
    } finally {
      await sql`select pg_advisory_unlock(hashtext('tollgate.pruning'))`.execute(one);
    }
  });
}

async function prunePartitions(db: Kysely<AuditTables>, nowMs: number, kept: KeptDays): Promise<readonly string[]> {
  const pruned: string[] = [];
  for (const partition of inOrder(await listPartitions(db))) {
    const fate = fateOf(partition.table, partition, nowMs, kept);
    if (fate === 'stays') continue;
    if (!(await prunePartition(db, partition, fate, resolvedSince(nowMs, kept)))) continue;
    for (const gone of await goneTimelines(db)) await pruneRuns(db, gone);
    pruned.push(partition.name);
  }
  return pruned;
}

/** Which calls are open is asked for every part of the other tables: then few old ones are left. */
const inOrder = (partitions: readonly Partition[]): readonly Partition[] => [
  ...partitions.filter(({ table }) => table === 'calls'),
  ...partitions.filter(({ table }) => table !== 'calls'),
];

async function pruneRollups(db: Kysely<AuditTables>, nowMs: number, kept: KeptDays): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('rollups_hourly')
    .where('hour', '<', rollupsSince(nowMs, kept))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

async function lock(db: Kysely<AuditTables>): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_lock(hashtext('tollgate.pruning')) as mine`.execute(db);
  return rows[0]?.mine === true;
}
