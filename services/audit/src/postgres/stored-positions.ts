import type { Position } from '@tollgate/journal';
import { callsStream } from '@tollgate/journal';
import type { AuditDatabase } from '@tollgate/store';
import type { Slice } from '../lane/sink.js';
import { PositionMovedError } from '../lane/sink.js';
import type { Positions } from '../reading/source-position.js';
import { insertRows, type AuditTransaction } from './insert-rows.js';

export async function loadPositions(db: AuditDatabase, names: readonly string[]): Promise<Positions> {
  const rows = await db.selectFrom('projection_positions').selectAll().where('source', 'in', names).execute();
  return Object.fromEntries(rows.map(({ source, seq, mark }) => [source, { seq, mark }]));
}

/** Locks the positions of these sources until the transaction ends. Throws unless they are the expected ones. */
export async function lockPositions(
  trx: AuditTransaction,
  names: readonly string[],
  expected: Positions,
): Promise<void> {
  const rows = await trx
    .selectFrom('projection_positions')
    .selectAll()
    .where('source', 'in', names)
    .orderBy('source')
    .forUpdate()
    .execute();
  const stored = new Map(rows.map((row) => [row.source, row]));
  const moved = names.some((name) => {
    const [row, wanted] = [stored.get(name), expected[name]];
    return row?.seq !== wanted?.seq || row?.mark !== wanted?.mark;
  });
  if (moved) throw new PositionMovedError('Postgres is not where this projection left it');
}

/** Stores how far the tables are; a row that appeared meanwhile means that another process began at the same moment. */
export async function storePositions(trx: AuditTransaction, { messages, expected, next }: Slice): Promise<void> {
  const moved = Object.entries(next).filter(([name, { seq }]) => expected[name]?.seq !== seq);
  const rows = moved.map(([source, { seq, mark }]) => ({ source, mark, seq, index: 0 }));
  const begun = rows.filter(({ source }) => expected[source] === undefined);
  if (begun.length > 0) {
    const inserted = await insertRows(trx, 'projection_positions', begun)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (Number(inserted.numInsertedOrUpdatedRows ?? 0) !== begun.length) {
      throw new PositionMovedError('another process began this projection at the same moment');
    }
  }
  await upsertPositions(trx, [
    ...rows.filter(({ source }) => expected[source] !== undefined),
    ...decidedCalls(messages),
  ]);
}

async function upsertPositions(trx: AuditTransaction, rows: readonly (Position & { source: string })[]): Promise<void> {
  if (rows.length === 0) return;
  await insertRows(trx, 'projection_positions', rows)
    .onConflict((conflict) =>
      conflict.column('source').doUpdateSet((eb) => ({
        mark: eb.ref('excluded.mark'),
        seq: eb.ref('excluded.seq'),
        index: eb.ref('excluded.index'),
      })),
    )
    .execute();
}

/** How far policy had decided CALLS, as its journal says: what has no event there (a repeat, a refusal) moves it too. */
function decidedCalls(messages: Slice['messages']): readonly (Position & { source: string })[] {
  const calls = new Map<number, Position>();
  for (const { source, positions } of messages) {
    const position = source.kind === 'journal' && source.journal === 'policy' ? positions['calls'] : undefined;
    if (source.kind === 'journal' && position !== undefined) calls.set(source.partition, position);
  }
  return [...calls].map(([partition, position]) => ({ ...position, source: callsStream(partition) }));
}
