import type { AuditTables } from '@tollgate/store';
import { sql, type InsertQueryBuilder, type InsertResult, type Transaction } from 'kysely';

export type AuditTransaction = Transaction<AuditTables>;

/** Tables whose rows are written; a view is none. */
export type AuditTable = Exclude<keyof AuditTables, 'run_timeline'>;

/**
 * An insert of many rows as one JSON parameter, which Postgres takes apart by the table's own column types: hundreds of
 * rows cost one parameter instead of thousands. The caller adds what to do on conflict.
 */
export function insertRows<T extends AuditTable>(
  trx: AuditTransaction,
  table: T,
  rows: readonly object[],
): InsertQueryBuilder<AuditTables, T, InsertResult> {
  const columns = Object.keys(rows[0] ?? {}) as (keyof AuditTables[T] & string)[];
  const source = sql`json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)`;
  const selected = sql.join(columns.map((column) => sql.ref(column)));
  return trx
    .insertInto(table)
    .columns(columns as never)
    .expression(sql`select ${selected} from ${source}` as never);
}
