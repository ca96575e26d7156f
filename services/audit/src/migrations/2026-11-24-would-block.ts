import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Calls that a policy in observe mode let through. */
export const wouldBlock: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('calls').addColumn('would_block', 'text').execute();
  },
};
