import type { AuditDatabase, AuditTables } from '@tollgate/store';
import { sql, type Kysely } from 'kysely';
import { listPartitions, PARTITIONED, type PartitionedTable } from './partition-list.js';
import { dayOfId, firstIdOfDay, freeSpan, partitionName, widthFor } from './span.js';

/** Made this long before they are needed, while nothing waits for them. */
const AHEAD_MS = 24 * 3_600_000;

/** Makes partitions when rows of their days come, and the next one ahead. What was made with another width stays. */
export class Partitions {
  /** Days that every table has a partition for, as far as this process knows: another may drop old ones. */
  private readonly known = new Set<number>();

  constructor(
    private readonly db: AuditDatabase,
    private readonly keptDays: number,
  ) {}

  async ensureFor(ids: readonly number[], nowId: number): Promise<void> {
    const days = new Set([...ids, nowId, nowId + AHEAD_MS * 1_000].map(dayOfId));
    const missing = [...days].filter((day) => !this.known.has(day));
    if (missing.length === 0) return;
    await this.make(missing);
    for (const day of missing) this.known.add(day);
  }

  /** The tables were made anew, or some partition is gone. */
  forget(): void {
    this.known.clear();
  }

  /** The advisory lock keeps two processes apart. */
  private async make(days: readonly number[]): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtext('tollgate.partitions'))`.execute(trx);
      const there = await listPartitions(trx);
      for (const table of PARTITIONED) {
        const taken = [...there.filter((one) => one.table === table)];
        for (const day of days) {
          const span = freeSpan(firstIdOfDay(day), widthFor(this.keptDays), taken);
          if (span === undefined) continue;
          const partition = { table, name: partitionName(table, span), ...span };
          await createPartition(trx, partition);
          taken.push(partition);
        }
      }
    });
  }
}

interface NewPartition {
  readonly table: PartitionedTable;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Attached rather than created in place, which would lock out readers. */
export async function createPartition(
  trx: Kysely<AuditTables>,
  { table, name, from, to }: NewPartition,
): Promise<void> {
  const [parent, partition] = [sql.table(table), sql.table(name)];
  await sql`create table ${partition} (like ${parent} including defaults including constraints)`.execute(trx);
  await attachPartition(trx, { table, name, from, to });
}

export async function attachPartition(
  trx: Kysely<AuditTables>,
  { table, name, from, to }: NewPartition,
): Promise<void> {
  const begins = from === -Infinity ? sql`minvalue` : sql.lit(from);
  await sql`alter table ${sql.table(table)} attach partition ${sql.table(name)} for values from (${begins}) to (${sql.lit(to)})`.execute(
    trx,
  );
}
