import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import { monthOfId, monthOfTime, type Month } from './month.js';

const PARTITIONED = ['events', 'timeline'] as const;
/** Made this long before they are needed, while nothing waits for them. */
const AHEAD_MS = 7 * 24 * 3_600_000;

/** The monthly partitions of `events` and `timeline`: made when rows of their month come, and the next one ahead. */
export class Partitions {
  private readonly known = new Set<string>();

  constructor(private readonly db: AuditDatabase) {}

  async ensureFor(ids: readonly number[], nowMs: number): Promise<void> {
    const months = new Map(ids.map((id) => monthOfId(id)).map((month) => [month.name, month]));
    for (const month of [monthOfTime(nowMs), monthOfTime(nowMs + AHEAD_MS)]) months.set(month.name, month);
    for (const month of months.values()) await this.ensure(month);
  }

  /** The tables were made anew. */
  forget(): void {
    this.known.clear();
  }

  private async ensure(month: Month): Promise<void> {
    if (this.known.has(month.name)) return;
    for (const table of PARTITIONED) await createPartition(this.db, table, month);
    this.known.add(month.name);
  }
}

/** Attached rather than created in place, which would lock out readers; the advisory lock keeps two processes apart. */
async function createPartition(db: AuditDatabase, table: (typeof PARTITIONED)[number], month: Month): Promise<void> {
  const name = `${table}_${month.name}`;
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('tollgate.partitions'))`.execute(trx);
    const found = await sql<{ found: boolean }>`select to_regclass(${name}) is not null as found`.execute(trx);
    if (found.rows[0]?.found === true) return;
    const [parent, partition] = [sql.table(table), sql.table(name)];
    await sql`create table ${partition} (like ${parent} including defaults including constraints)`.execute(trx);
    await sql`alter table ${parent} attach partition ${partition} for values from (${sql.lit(month.from)}) to (${sql.lit(month.to)})`.execute(
      trx,
    );
  });
}
