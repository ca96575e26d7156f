import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import { faultPoint } from '@tollgate/runtime';
import type { Beginning, Sink, Slice } from '../lane/sink.js';
import { PositionMovedError } from '../lane/sink.js';
import type { Source } from '../reading/source.js';
import type { Positions } from '../reading/source-position.js';
import { projectedRows } from '../rows/projected-rows.js';
import { rollupRows } from '../rows/rollup-rows.js';
import { countedBefore } from './counted-before.js';
import type { AuditTransaction } from './insert-rows.js';
import { migrateToLatest } from './migrate.js';
import { Partitions } from './partitions.js';
import { translatePostgresError } from './postgres-error.js';
import { loadPositions, lockPositions, storePositions } from './stored-positions.js';
import { writeRows } from './write-rows.js';

/** The past in Postgres: rows and positions in one transaction (rule 16). Dropped, it is built anew from the journals. */
export class TableSink implements Sink {
  readonly name = 'postgres';
  readonly lingerMs = 10;
  private readonly partitions: Partitions;
  private names: readonly string[] = [];

  constructor(
    private readonly db: AuditDatabase,
    private readonly now: () => number = Date.now,
  ) {
    this.partitions = new Partitions(db);
  }

  beginning(): Beginning {
    return 'first';
  }

  async load(sources: readonly Source[]): Promise<Positions> {
    this.names = sources.map(({ name }) => name);
    return this.translated(async () => {
      this.partitions.forget();
      await migrateToLatest(this.db);
      await this.partitions.ensureFor([], this.now());
      return loadPositions(this.db, this.names);
    });
  }

  async write(slice: Slice): Promise<void> {
    await this.translated(() => (slice.messages.length === 0 ? this.compare(slice) : this.store(slice)));
  }

  private async compare({ expected }: Slice): Promise<void> {
    const stored = await loadPositions(this.db, this.names);
    const moved = this.names.some((name) => stored[name]?.seq !== expected[name]?.seq);
    if (moved) throw new PositionMovedError('Postgres is not where this projection left it');
  }

  private async store(slice: Slice): Promise<void> {
    const rows = projectedRows(slice.messages);
    await this.partitions.ensureFor(
      [...rows.events, ...rows.timeline].map(({ id }) => id),
      this.now(),
    );
    await this.db.transaction().execute(async (trx) => {
      await relaxDurability(trx);
      await lockPositions(trx, this.names, slice.expected);
      await writeRows(trx, rows, rollupRows(rows.endings, await countedBefore(trx, rows.endings)));
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

/**
 * The commit does not wait for the disk: when Postgres crashes, the last moments of rows are lost together with their
 * positions, and are read again from the journals.
 */
const relaxDurability = (trx: AuditTransaction): Promise<unknown> =>
  sql`set local synchronous_commit to off`.execute(trx);
