import { faultPoint } from '@tollgate/runtime';
import { PositionMovedError, type Beginning, type Sink, type Slice } from '../lane/sink.js';
import type { Source } from '../reading/source.js';
import type { Positions } from '../reading/source-position.js';
import { projectedRows, type ProjectedRows } from '../rows/projected-rows.js';
import { rollupRows } from '../rows/rollup-rows.js';
import { countedBefore } from './counted-before.js';
import { translatePostgresError } from './postgres-error.js';
import { lockPositions, storePositions } from './stored-positions.js';
import type { TableStore } from './table-store.js';

/** The past in Postgres: rows and positions in one transaction (rule 16). Dropped, it is built anew from the journals. */
export class TableSink implements Sink {
  readonly name = 'postgres';
  readonly lingerMs = 10;
  private names: readonly string[] = [];

  constructor(
    private readonly tables: TableStore,
    private readonly now: () => number = Date.now,
  ) {}

  beginning(): Beginning {
    return 'first';
  }

  async load(sources: readonly Source[]): Promise<Positions> {
    this.names = sources.map(({ name }) => name);
    return this.translated(async () => {
      await this.tables.prepare(this.now());
      return this.tables.positions(this.names);
    });
  }

  async write(slice: Slice): Promise<void> {
    await this.translated(() => (slice.messages.length === 0 ? this.compare(slice) : this.store(slice)));
  }

  private async compare({ expected }: Slice): Promise<void> {
    const stored = await this.tables.positions(this.names);
    const moved = this.names.some((name) => stored[name]?.seq !== expected[name]?.seq);
    if (moved) throw new PositionMovedError('Postgres is not where this projection left it');
  }

  private async store(slice: Slice): Promise<void> {
    const rows = projectedRows(slice.messages);
    await this.tables.makeRoomFor(idsIn(rows), this.now());
    await this.tables.transaction(async (trx) => {
      await lockPositions(trx, this.names, slice.expected);
      await trx.write(rows, rollupRows(rows.endings, await countedBefore(trx, rows.endings)));
      await storePositions(trx, slice);
      // Killed here, nothing of the slice is stored, and all of it is read again.
      await faultPoint('audit.postgres.before-commit');
    });
  }

  private async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw translatePostgresError(error);
    }
  }
}

/** By which partitions are known. */
const idsIn = ({ events, timeline, calls }: ProjectedRows): readonly number[] => [
  ...[...events, ...timeline].map(({ id }) => id),
  ...calls.map(({ requested_id: id }) => id),
];
