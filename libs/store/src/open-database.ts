import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { AuditTables } from './audit-tables.js';

export type AuditDatabase = Kysely<AuditTables>;

export interface DatabaseOptions {
  /** Shown by Postgres in pg_stat_activity. */
  readonly name: string;
  readonly connections: number;
  /** A server that is stopped answers nothing and closes nothing: connecting and each query end after this many ms. */
  readonly timeoutMs: number;
  /** A connection broke while no query ran on it; the next query opens another. */
  readonly onIdleError?: (error: Error) => void;
}

/** Opens lazily: the first query connects. Close it with `destroy()`. */
export function openDatabase(url: string, options: DatabaseOptions): AuditDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.name,
    max: options.connections,
    connectionTimeoutMillis: options.timeoutMs,
    query_timeout: options.timeoutMs,
    types: { getTypeParser },
  });
  const onError = (error: Error) => options.onIdleError?.(error);
  pool.on('error', onError);
  // The pool listens only to connections it holds; one lost between two statements of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', onError));
  return new Kysely<AuditTables>({ dialect: new PostgresDialect({ pool }) });
}

/** Every bigint of ours fits 53 bits (event ids by construction, sequences, micro-dollars), so rows hold plain numbers. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === Number(pg.types.builtins.INT8)) return Number;
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown;
}
