import { idOfTime } from '@tollgate/events';
import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import type { Positions } from '../reading/source-position.js';
import type { CountedEnding } from '../rows/rollup-rows.js';
import type { AuditTransaction } from './insert-rows.js';
import { migrateToLatest } from './migrate.js';
import { Partitions } from './partitions.js';
import { insertPositions, selectPositions, selectPositionsForUpdate, upsertPositions } from './position-rows.js';
import type { TableStore, TableTransaction } from './table-store.js';
import { writeRows } from './write-rows.js';

/** The tables of the record in Postgres: everything of the projection that is SQL. */
export class PostgresTables implements TableStore {
  private readonly partitions: Partitions;

  /** @param keptDays How long rows are kept: partitions are as wide as that asks for. */
  constructor(
    private readonly db: AuditDatabase,
    keptDays: number,
  ) {
    this.partitions = new Partitions(db, keptDays);
  }

  async prepare(nowMs: number): Promise<void> {
    this.partitions.forget();
    await migrateToLatest(this.db);
    await this.partitions.ensureFor([], idOfTime(nowMs));
  }

  makeRoomFor(ids: readonly number[], nowMs: number): Promise<void> {
    return this.partitions.ensureFor(ids, idOfTime(nowMs));
  }

  positions(names: readonly string[]): Promise<Positions> {
    return selectPositions(this.db, names);
  }

  async transaction(work: (trx: TableTransaction) => Promise<void>): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await relaxDurability(trx);
      await work(within(trx));
    });
  }
}

const within = (trx: AuditTransaction): TableTransaction => ({
  lockedPositions: (names) => selectPositionsForUpdate(trx, names),
  countedCall: (tenant, callId) => countedCall(trx, tenant, callId),
  write: (rows, rollups) => writeRows(trx, rows, rollups),
  beginPositions: (rows) => insertPositions(trx, rows),
  setPositions: (rows) => upsertPositions(trx, rows),
});

/**
 * The commit does not wait for the disk: when Postgres crashes, the last moments of rows are lost together with their
 * positions, and are read again from the journals.
 */
const relaxDurability = (trx: AuditTransaction): Promise<unknown> =>
  sql`set local synchronous_commit to off`.execute(trx);

async function countedCall(
  trx: AuditTransaction,
  tenant: string,
  callId: string,
): Promise<CountedEnding | 'as resolved' | undefined> {
  const row = await trx
    .selectFrom('calls')
    .select(['decision', 'policy_reason', 'spend_micros', 'ended_at', 'in_doubt', 'resolved_id'])
    .where('tenant', '=', tenant)
    .where('call_id', '=', callId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.resolved_id !== null) return 'as resolved';
  if (!row.in_doubt || row.ended_at === null) return undefined;
  const { decision, policy_reason: reason, spend_micros: spendMicros, ended_at } = row;
  return { decision, reason, spendMicros, endedAt: ended_at.getTime() };
}
