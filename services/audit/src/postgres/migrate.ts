import type { AuditDatabase } from '@tollgate/store';
import { Migrator } from 'kysely/migration';
import { MIGRATIONS } from '../migrations/index.js';

/** Brings the tables to this release; under kysely's advisory lock, so that several processes may start at once. */
export async function migrateToLatest(db: AuditDatabase): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}
