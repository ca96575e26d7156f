import { sql } from 'kysely';
import { USAGE_COUNTS, type UsageRow } from '../rows/usage-rows.js';
import { insertRows, type AuditTransaction } from './insert-rows.js';

/** In one order always, as the rows of every table: two transactions never wait for each other. */
export async function addToUsage(trx: AuditTransaction, rows: readonly UsageRow[]): Promise<void> {
  if (rows.length === 0) return;
  const sums = USAGE_COUNTS.map((name) => [
    name,
    sql<number>`${sql.ref(`usage_daily.${name}`)} + ${sql.ref(`excluded.${name}`)}`,
  ]);
  await insertRows(trx, 'usage_daily', [...rows].sort(byTenantAndDay))
    .onConflict((conflict) => conflict.columns(['tenant', 'day']).doUpdateSet(Object.fromEntries(sums)))
    .execute();
}

const byTenantAndDay = (one: UsageRow, other: UsageRow): number =>
  one.tenant === other.tenant ? compare(one.day, other.day) : compare(one.tenant, other.tenant);

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
