import { randomBytes } from 'node:crypto';
import { env } from 'node:process';
import { openDatabase, type AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';

/** A database of a test's own on the shared Postgres. */
export async function ownDatabase(
  timeoutMs = 60_000,
): Promise<{ db: AuditDatabase; url: string; drop(): Promise<void> }> {
  const server = env['DATABASE_URL'];
  if (server === undefined) throw new Error('DATABASE_URL must be set: npm test does it');
  const name = `record-${randomBytes(5).toString('hex')}`;
  const administration = openDatabase(server, { name, connections: 1, timeoutMs: 10_000 });
  await sql`create database ${sql.id(name)}`.execute(administration);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const db = openDatabase(url.href, { name, connections: 2, timeoutMs });
  return {
    db,
    url: url.href,
    drop: async () => {
      await db.destroy();
      await sql`drop database ${sql.id(name)} with (force)`.execute(administration);
      await administration.destroy();
    },
  };
}
