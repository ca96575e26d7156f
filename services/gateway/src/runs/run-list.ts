import type { AuditDatabase, AuditTables, RunsTable } from '@tollgate/store';
import { sql, type ExpressionBuilder, type RawBuilder } from 'kysely';
import { coveredAgents } from '../reads/covered-agents.js';
import type { RunsQuery } from './runs.schema.js';

export type ListedRun = Pick<RunsTable, 'run_id' | 'last_ts' | 'last_type' | 'last_status' | 'events_count'>;

export interface RunList {
  readonly total: number;
  readonly rows: readonly ListedRun[];
}

/**
 * Runs, the last that something happened to first. A run has a row for each of its agents; it is listed by the one that
 * no other of them beats, so that a page needs no more than the rows of its own runs. `agents` bounds everything to what
 * a key covers; undefined is all.
 */
export async function runsOf(
  database: AuditDatabase,
  tenant: string,
  query: RunsQuery,
  agents: readonly string[] | undefined,
): Promise<RunList> {
  const rows = agents === undefined ? pageOfAll(database, tenant, query) : pageOf(database, tenant, query, agents);
  return { rows: await rows, total: await countOf(database, tenant, query.q, agents) };
}

function pageOfAll(database: AuditDatabase, tenant: string, { q, limit, offset }: RunsQuery): Promise<ListedRun[]> {
  return database
    .selectFrom('runs')
    .select(columns(undefined))
    .where(listed(tenant, q, undefined))
    .orderBy('runs.last_id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
}

function pageOf(
  database: AuditDatabase,
  tenant: string,
  { q, limit, offset }: RunsQuery,
  agents: readonly string[],
): Promise<ListedRun[]> {
  return database
    .selectFrom(coveredAgents(agents))
    .innerJoinLateral(
      (of) =>
        of
          .selectFrom('runs')
          .select(columns(agents))
          .select('runs.last_id')
          .where(listed(tenant, q, agents))
          .whereRef('runs.agent', '=', 'covered.agent')
          .orderBy('runs.last_id', 'desc')
          .limit(limit + offset)
          .as('run'),
      (join) => join.onTrue(),
    )
    .select(['run.run_id', 'run.last_ts', 'run.last_type', 'run.last_status', 'run.events_count'])
    .orderBy('run.last_id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
}

type OneRun = ExpressionBuilder<Pick<AuditTables, 'runs'>, 'runs'>;

const columns = (agents: readonly string[] | undefined) => (run: OneRun) => [
  run.ref('runs.run_id').as('run_id'),
  run.ref('runs.last_ts').as('last_ts'),
  run.ref('runs.last_type').as('last_type'),
  run.ref('runs.last_status').as('last_status'),
  sql<number>`(select sum(other.events_count)::bigint from runs other where ${sameRun} ${among('other', agents)})`.as(
    'events_count',
  ),
];

const listed = (tenant: string, q: string | undefined, agents: readonly string[] | undefined) => (run: OneRun) =>
  run.and([
    run('runs.tenant', '=', tenant),
    ...(q === undefined ? [] : [run('runs.run_id', 'like', startingWith(q))]),
    sql<boolean>`not exists (select from runs other where ${sameRun} ${among('other', agents)} and ${beats})`,
  ]);

const sameRun = sql`other.tenant = runs.tenant and other.run_id = runs.run_id`;

/** As `foldRunRow` of the audit service has it within one row. */
const beats = sql`case when other.last_source = runs.last_source then other.last_id > runs.last_id
  else other.last_source = 'system' end`;

const among = (table: string, agents: readonly string[] | undefined): RawBuilder<unknown> =>
  agents === undefined ? sql`` : sql`and ${sql.ref(`${table}.agent`)} = any(${[...agents]}::text[])`;

const startingWith = (q: string): string => `${q.replace(/[\\%_]/g, '\\$&')}%`;

/** Counted already as far as possible: for the whole tenant, and for one agent. */
async function countOf(
  database: AuditDatabase,
  tenant: string,
  q: string | undefined,
  agents: readonly string[] | undefined,
): Promise<number> {
  const [agent = '', second] = agents ?? [];
  if (q === undefined && second === undefined) {
    const row = await database
      .selectFrom('run_counts')
      .select('runs')
      .where('tenant', '=', tenant)
      .where('covers', '=', agents === undefined ? 'tenant' : 'agent')
      .where('agent', '=', agent)
      .executeTakeFirst();
    return row?.runs ?? 0;
  }
  const { total } = await database
    .selectFrom('runs')
    .select(({ fn }) => fn.count<number>('run_id').distinct().as('total'))
    .where('tenant', '=', tenant)
    .$if(q !== undefined, (runs) => runs.where('run_id', 'like', startingWith(q ?? '')))
    .$if(agents !== undefined, (runs) => runs.where('agent', '=', sql<string>`any(${[...(agents ?? [])]}::text[])`))
    .executeTakeFirstOrThrow();
  return total;
}

/** As answered; `last_ts` in seconds with a fraction. */
export const listedRun = ({ run_id, last_ts, last_type, last_status, events_count }: ListedRun) => ({
  run_id,
  last_ts: last_ts.getTime() / 1000,
  last_type,
  last_status,
  events_count,
});
