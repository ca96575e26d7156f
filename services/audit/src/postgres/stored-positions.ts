import { callsStream, type Position } from '@tollgate/journal';
import { PositionMovedError, type Slice } from '../lane/sink.js';
import { isReadable } from '../reading/read-message.js';
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
  const heads = headsOf(messages);
  const rows = moved.map(([source, { seq, mark }]) => ({ source, mark, seq, index: 0, ...headOf(heads, source) }));
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
  return [...calls].map(([partition, position]) => ({ ...position, source: callsStream(partition), ...NO_HEAD }));
}

type Head = Pick<PositionRow, 'epoch' | 'last_id'>;

const NO_HEAD: Head = { epoch: null, last_id: null };

const headOf = (heads: ReadonlyMap<string, Head>, source: string): Head => heads.get(source) ?? NO_HEAD;

/** Of each journal: who wrote the last of these messages, and the highest id in them (rule 16). */
function headsOf(messages: Slice['messages']): ReadonlyMap<string, Head> {
  const heads = new Map<string, Head>();
  for (const { source, epoch, events } of messages) {
    if (source.kind !== 'journal') continue;
    const before = headOf(heads, source.name).last_id;
    const ids = events.filter(isReadable).map(({ id }) => id);
    const last_id = ids.reduce((highest: number | null, id) => Math.max(highest ?? id, id), before);
    heads.set(source.name, { epoch, last_id });
  }
  return heads;
}
