import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import type { Positions } from '../reading/source-position.js';
import { insertRows, type AuditTransaction } from './insert-rows.js';
import type { PositionRow } from './table-store.js';

export async function selectPositions(db: AuditDatabase, names: readonly string[]): Promise<Positions> {
  return positionsOf(await db.selectFrom('projection_positions').selectAll().where('source', 'in', names).execute());
}

export async function selectPositionsForUpdate(trx: AuditTransaction, names: readonly string[]): Promise<Positions> {
  return positionsOf(
    await trx
      .selectFrom('projection_positions')
      .selectAll()
      .where('source', 'in', names)
      .orderBy('source')
      .forUpdate()
      .execute(),
  );
}

/** Leaves those alone that are there; answers how many were not. */
export async function insertPositions(trx: AuditTransaction, rows: readonly PositionRow[]): Promise<number> {
  const inserted = await insertRows(trx, 'projection_positions', rows)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(inserted.numInsertedOrUpdatedRows ?? 0);
}

export async function upsertPositions(trx: AuditTransaction, rows: readonly PositionRow[]): Promise<void> {
  await insertRows(trx, 'projection_positions', rows)
    .onConflict((conflict) =>
      conflict.column('source').doUpdateSet((eb) => ({
        mark: eb.ref('excluded.mark'),
        seq: eb.ref('excluded.seq'),
        index: eb.ref('excluded.index'),
        epoch: eb.ref('excluded.epoch'),
        last_id: sql<number | null>`greatest(projection_positions.last_id, excluded.last_id)`,
      })),
    )
    .execute();
}

const positionsOf = (rows: readonly PositionRow[]): Positions =>
  Object.fromEntries(rows.map(({ source, seq, mark }) => [source, { seq, mark }]));
