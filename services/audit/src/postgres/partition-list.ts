import type { AuditTables } from '@tollgate/store';
import { sql, type Kysely } from 'kysely';
import type { Span } from './span.js';

/** The tables whose rows go by the day: by `id`, `calls` by `requested_id`. */
export const PARTITIONED = ['events', 'timeline', 'feed', 'calls'] as const;
export type PartitionedTable = (typeof PARTITIONED)[number];

export interface Partition extends Span {
  readonly table: PartitionedTable;
  readonly name: string;
}

/** The partitions that there are. */
export async function listPartitions(db: Kysely<AuditTables>): Promise<readonly Partition[]> {
  const { rows } = await sql<{ table: PartitionedTable; name: string; bound: string }>`
    select parent.relname as "table", child.relname as name, pg_get_expr(child.relpartbound, child.oid) as bound
    from pg_inherits join pg_class parent on parent.oid = inhparent join pg_class child on child.oid = inhrelid
    where ${sql.join(
      PARTITIONED.map((table) => sql`inhparent = to_regclass(${table})`),
      sql` or `,
    )}
    order by 1, 2`.execute(db);
  return rows.map(({ table, name, bound }) => ({ table, name, ...spanOfBound(bound) }));
}

/** As Postgres writes it: `FOR VALUES FROM ('59616000000000') TO ('59702400000000')`, or `FROM (MINVALUE)`. */
function spanOfBound(bound: string): Span {
  const [, from, to] = /FROM \((?:'(\d+)'|MINVALUE)\) TO \('(\d+)'\)/.exec(bound) ?? [];
  return { from: from === undefined ? -Infinity : Number(from), to: Number(to) };
}
