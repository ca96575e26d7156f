import type { ExpressionBuilder } from 'kysely';
import { sql } from 'kysely';
import type { AuditTables, CallsTable } from '@tollgate/store';
import type { CallRow } from '../rows/call-row.js';
import type { ProjectedRows } from '../rows/projected-rows.js';
import type { RollupRow } from '../rows/rollup-rows.js';
import { runRows } from '../rows/run-rows.js';
import { addToUsage } from './write-usage.js';
import { insertRows, type AuditTable, type AuditTransaction } from './insert-rows.js';
import { sortedBy } from './sorted-by.js';
import { addToRuns } from './write-runs.js';

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
  await insertOnce(trx, 'feed', rows.feed);
  await upsertCalls(trx, rows.calls);
  await addToRuns(trx, runRows(rows.timeline));
  await addToRollups(trx, rollups);
  await addToUsage(trx, rows.usage);
  await insertOnce(trx, 'config_changes', rows.configChanges);
  await insertOnce(trx, 'parked_inputs', rows.parkedInputs);
  await insertOnce(trx, 'parked_settlements', rows.parkedSettlements);
}

const KEPT_BY_RESOLUTION: readonly (keyof CallsTable)[] = ['ended_id', 'ended_at'];
const KEY = ['tenant', 'call_id', 'requested_id'] as const satisfies readonly (keyof CallsTable)[];

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
        .columns(KEY)
        .doUpdateSet((eb) =>
          Object.fromEntries(
            columns
              .filter((name) => !(KEY as readonly string[]).includes(name))
              .map((name) => [name, newValue(eb, name)]),
          ),
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
