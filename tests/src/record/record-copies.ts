import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findPostgres, type PostgresBinaries } from '@tollgate/infra/servers';
import { openDatabase } from '@tollgate/store';
import { sql, type RawBuilder } from 'kysely';
import { codeBlock } from '../docs/code-blocks.js';
import { CommandLine, type Installation } from '../harness/index.js';

/** A Postgres that this machine can dump and load; the one that npm brings has no programs for that. */
export const dumpable: PostgresBinaries | undefined = findPostgres().find(({ folder }) =>
  ['pg_dump', 'pg_restore'].every((name) => existsSync(join(folder, name))),
);

/** For the names of tests: which way the record is copied here. */
export const COPIED =
  dumpable === undefined ? 'its record copied as a database: no pg_dump here' : 'its record dumped as the page says';

/** Copies of the record, by name. */
export interface RecordCopies {
  keep(name: string): Promise<void>;
  /** Into the database of the installation, which is empty. */
  load(name: string): Promise<void>;
}

/** As docs/operations.md makes them; where this machine cannot, as Postgres itself copies a database that nobody uses. */
export const recordCopies = (tollgate: Installation): RecordCopies =>
  dumpable === undefined ? byTemplate(tollgate) : byDump(tollgate, dumpable);

function byDump({ folder, postgres }: Installation, binaries: PostgresBinaries): RecordCopies {
  const PATH = [binaries.folder, process.env['PATH']].join(delimiter);
  const run = async (name: string, block: string): Promise<void> => {
    const shell = new CommandLine(join(folder, `dump-${name}`), { PATH, DATABASE_URL: postgres.url });
    const { code, err } = await shell.shell(codeBlock('operations.md', block));
    expect([block, code, err]).toEqual([block, 0, '']);
  };
  return {
    keep: async (name) => {
      await mkdir(join(folder, `dump-${name}`));
      await run(name, 'dump.sh');
    },
    load: (name) => run(name, 'load.sh'),
  };
}

function byTemplate(tollgate: Installation): RecordCopies {
  const [record, copy] = [sql.id('tollgate'), (name: string) => sql.id(`record_${name}`)];
  return {
    keep: async (name) => {
      await tollgate.processesStopped();
      await inPostgres(tollgate, sql`create database ${copy(name)} template ${record}`);
    },
    load: async (name) => {
      await inPostgres(tollgate, sql`drop database ${record}`);
      await inPostgres(tollgate, sql`create database ${record} template ${copy(name)}`);
    },
  };
}

/** From beside the database of the installation. */
export async function inPostgres({ postgres }: Installation, statement: RawBuilder<unknown>): Promise<void> {
  const url = new URL(postgres.url);
  url.pathname = '/postgres';
  const db = openDatabase(url.href, { name: 'backup', connections: 1, timeoutMs: 30_000 });
  try {
    await statement.execute(db);
  } finally {
    await db.destroy();
  }
}
