import type { AuditTables } from '@tollgate/store';
import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { PartitionedTable } from '../postgres/partition-list.js';

/**
 * Calls that nobody knows the end of, or has known for a short time only: what is recorded of them is still needed.
 * Collects those that were requested before an id, until the transaction ends.
 */
export async function collectOpenCalls(
  trx: Transaction<AuditTables>,
  beforeId: number,
  resolvedSince: Date,
): Promise<void> {
  await sql`
    create temp table open_calls on commit drop as
    select tenant, call_id, run_id, requested_id from calls
    where requested_id < ${sql.lit(beforeId)}
      and (in_doubt or ended_id is null or resolved_at > ${sql.lit(resolvedSince.toISOString())})`.execute(trx);
  await sql`analyze open_calls`.execute(trx);
}

const SAME_CALL = sql<boolean>`part.tenant = open_calls.tenant and part.call_id = open_calls.call_id`;

/** Which rows of a part of a table are theirs, in the words of its indexes. */
export function isOfOpenCall(table: PartitionedTable): RawBuilder<boolean> {
  switch (table) {
    case 'calls':
      return sql`${SAME_CALL} and part.requested_id = open_calls.requested_id`;
    case 'timeline':
      return sql`${SAME_CALL} and part.run_id = open_calls.run_id`;
    case 'events':
      return SAME_CALL;
    case 'feed':
      return sql`false`;
  }
}
