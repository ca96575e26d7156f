import { callsStream, type Position } from '@tollgate/journal';
import { PositionMovedError, type Slice } from '../lane/sink.js';
import type { Positions } from '../reading/source-position.js';
import type { PositionRow, TableTransaction } from './table-store.js';

/** Locks the positions of these sources until the transaction ends. Throws unless they are the expected ones. */
export async function lockPositions(
  trx: Pick<TableTransaction, 'lockedPositions'>,
  names: readonly string[],
  expected: Positions,
): Promise<void> {
  const stored = await trx.lockedPositions(names);
  const moved = names.some(
    (name) => stored[name]?.seq !== expected[name]?.seq || stored[name]?.mark !== expected[name]?.mark,
  );
  if (moved) throw new PositionMovedError('Postgres is not where this projection left it');
}

/** Stores how far the tables are; a row that appeared meanwhile means that another process began at the same moment. */
export async function storePositions(
  trx: Pick<TableTransaction, 'beginPositions' | 'setPositions'>,
  { messages, expected, next }: Slice,
): Promise<void> {
  const moved = Object.entries(next).filter(([name, { seq }]) => expected[name]?.seq !== seq);
  const rows = moved.map(([source, { seq, mark }]) => ({ source, mark, seq, index: 0 }));
  const begun = rows.filter(({ source }) => expected[source] === undefined);
  if (begun.length > 0 && (await trx.beginPositions(begun)) !== begun.length) {
    throw new PositionMovedError('another process began this projection at the same moment');
  }
  const others = [...rows.filter(({ source }) => expected[source] !== undefined), ...decidedCalls(messages)];
  if (others.length > 0) await trx.setPositions(others);
}

/** How far policy had decided CALLS, as its journal says: what has no event there (a repeat, a refusal) moves it too. */
function decidedCalls(messages: Slice['messages']): readonly PositionRow[] {
  const calls = new Map<number, Position>();
  for (const { source, positions } of messages) {
    const position = source.kind === 'journal' && source.journal === 'policy' ? positions['calls'] : undefined;
    if (source.kind === 'journal' && position !== undefined) calls.set(source.partition, position);
  }
  return [...calls].map(([partition, position]) => ({ ...position, source: callsStream(partition) }));
}
