import type { ExpressionBuilder } from 'kysely';
import { sql } from 'kysely';
import type { AuditTables, CallsTable } from '@tollgate/store';
import type { CallRow } from '../rows/call-row.js';
import type { ProjectedRows } from '../rows/projected-rows.js';
import type { RollupRow } from '../rows/rollup-rows.js';
import { runRows, type RunRow } from '../rows/run-rows.js';
import { addToUsage } from './write-usage.js';
import { insertRows, type AuditTable, type AuditTransaction } from './insert-rows.js';

/**
 * Rows that are written once. Ids are unique by construction and positions keep a message from being written twice;
 * a conflict would mean a writer's fault, which must not keep everything behind it from the record.
 */
async function insertOnce(trx: AuditTransaction, table: AuditTable, rows: readonly object[]): Promise<void> {
  if (rows.length > 0)
    await insertRows(trx, table, rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Writes everything, tables and rows always in the same order: two transactions never wait for each other. */
export async function writeRows(
  trx: AuditTransaction,
  rows: ProjectedRows,
  rollups: readonly RollupRow[],
): Promise<void> {
  await insertOnce(trx, 'events', rows.events);
  await insertOnce(trx, 'timeline', rows.timeline);
  await upsertCalls(trx, rows.calls);
  await addToRuns(trx, runRows(rows.timeline));
  await addToRollups(trx, rollups);
  await addToUsage(trx, rows.usage);
  await insertOnce(trx, 'config_changes', rows.configChanges);
  await insertOnce(trx, 'parked_inputs', rows.parkedInputs);
}

const KEPT_BY_RESOLUTION: readonly (keyof CallsTable)[] = ['ended_id', 'ended_at'];
const KEY: readonly (keyof CallsTable)[] = ['tenant', 'call_id'];

/** A beginning never changes a row, an ending changes one that has not ended, a resolution one that is not resolved. */
async function upsertCalls(trx: AuditTransaction, rows: readonly CallRow[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first) as (keyof CallsTable)[];
  await insertRows(
    trx,
    'calls',
    sortedBy(rows, ({ tenant, call_id }) => [tenant, call_id]),
  )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'call_id'])
        .doUpdateSet((eb) =>
          Object.fromEntries(columns.filter((name) => !KEY.includes(name)).map((name) => [name, newValue(eb, name)])),
        )
        .where('calls.resolved_id', 'is', null)
        .where('excluded.ended_id', 'is not', null)
        .where((eb) => eb.or([eb('calls.ended_id', 'is', null), eb('excluded.resolved_id', 'is not', null)])),
    )
    .execute();
}

type CallsUpdate = ExpressionBuilder<AuditTables & { excluded: CallsTable }, 'calls' | 'excluded'>;

const newValue = (eb: CallsUpdate, name: keyof CallsTable) =>
  KEPT_BY_RESOLUTION.includes(name)
    ? eb.fn.coalesce(eb.ref(`calls.${name}`), eb.ref(`excluded.${name}`))
    : eb.ref(`excluded.${name}`);

async function addToRuns(trx: AuditTransaction, rows: readonly RunRow[]): Promise<void> {
  if (rows.length === 0) return;
  const later = <C extends keyof RunRow>(column: C) =>
    sql<
      RunRow[C]
    >`case when excluded.last_id > runs.last_id then ${sql.ref(`excluded.${column}`)} else ${sql.ref(`runs.${column}`)} end`;
  await insertRows(
    trx,
    'runs',
    sortedBy(rows, ({ tenant, run_id, agent }) => [tenant, run_id, agent]),
  )
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'run_id', 'agent']).doUpdateSet({
        last_id: later('last_id'),
        last_ts: later('last_ts') as never,
        last_type: later('last_type'),
        last_status: later('last_status'),
        events_count: sql<number>`runs.events_count + excluded.events_count`,
      }),
    )
    .execute();
}

async function addToRollups(trx: AuditTransaction, rows: readonly RollupRow[]): Promise<void> {
  if (rows.length === 0) return;
  const cell = ({ tenant, agent, hour, tool, decision, reason }: RollupRow) => [
    tenant,
    agent,
    String(hour),
    tool,
    decision,
    reason,
  ];
  await insertRows(trx, 'rollups_hourly', sortedBy(rows, cell))
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'agent', 'hour', 'tool', 'decision', 'reason']).doUpdateSet({
        count: sql<number>`rollups_hourly.count + excluded.count`,
        spend_micros: sql<number>`rollups_hourly.spend_micros + excluded.spend_micros`,
      }),
    )
    .execute();
}

function sortedBy<T>(rows: readonly T[], key: (row: T) => readonly string[]): readonly T[] {
  const keyed = rows.map((row) => ({ row, text: JSON.stringify(key(row)) }));
  return keyed.sort((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text))).map(({ row }) => row);
}
