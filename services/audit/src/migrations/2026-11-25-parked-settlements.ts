import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What operators said of parked inputs. */
export const parkedSettlements: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('parked_settlements')
      .addColumn('stage', 'text', (column) => column.notNull())
      .addColumn('stream', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('idx', 'integer', (column) => column.notNull())
      .addColumn('says', 'text', (column) => column.notNull())
      .addColumn('note', 'text')
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .addPrimaryKeyConstraint('parked_settlements_pkey', ['stage', 'stream', 'seq', 'idx'])
      .execute();
  },
};
