import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the lists of the contract's sections 5 and 8 read, and `calls` in partitions, so that old ones can be dropped. */
export const reads: Migration = {
  async up(db: Kysely<unknown>) {
    await createFeed(db);
    await partitionCalls(db);
    await extendRuns(db);
    await keepIdsOfTenantsApart(db);
    await db.schema
      .alterTable('projection_positions')
      .addColumn('epoch', 'text')
      .addColumn('last_id', 'bigint')
      .execute();
    await sql`create index rollups_hourly_by_hour on rollups_hourly using brin (hour)`.execute(db);
  },
};

async function createFeed(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('feed')
    .addColumn('id', 'bigint', (column) => column.notNull())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('ts', 'timestamptz', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('req_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text')
    .addColumn('first_seen_at', 'timestamptz')
    .addColumn('plan', 'text')
    .addColumn('usage', 'bigint')
    .addColumn('limit', 'bigint')
    .addColumn('charged', 'integer')
    .addColumn('version', 'bigint')
    .addColumn('lease_id', 'text')
    .addColumn('done_at', 'timestamptz')
    .addColumn('result_hash', 'text')
    .addColumn('error_code', 'text')
    .addColumn('agent_id', 'text')
    .addColumn('tool', 'text')
    .addPrimaryKeyConstraint('feed_pkey', ['tenant', 'id'])
    .modifyEnd(sql`partition by range (id)`)
    .execute();
  await fillFeed(db);
}

/** With the endings that are recorded already. */
async function fillFeed(db: Kysely<unknown>): Promise<void> {
  await sql`do $$
    declare part record;
    begin
      for part in
        select relname, pg_get_expr(relpartbound, oid) as bound from pg_class
        where oid in (select inhrelid from pg_inherits where inhparent = 'events'::regclass)
      loop
        execute format('create table %I partition of feed %s', 'feed' || substr(part.relname, 7), part.bound);
      end loop;
    end $$`.execute(db);
  await sql`
    insert into feed (id, tenant, ts, type, req_id, done_at, error_code, agent_id, tool)
    select id, tenant, at, 'tool_' || (data ->> 'decision'),
      case when type = 'resolved' then call_id || ':resolved' else call_id end,
      at,
      case when data ->> 'decision' in ('executed', 'dedup') then null
        else coalesce(data -> 'error' ->> 'code', data ->> 'reason') end,
      agent, tool
    from events
    where type in ('blocked', 'deduplicated', 'executed', 'in-doubt', 'failed', 'resolved')`.execute(db);
}

/** What there is becomes the first partition, up to the end of its last day. */
async function partitionCalls(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('calls').renameTo('calls_before').execute();
  await sql`alter table calls_before drop constraint calls_pkey`.execute(db);
  await sql`drop index calls_logs, calls_in_doubt`.execute(db);
  await sql`create table calls (like calls_before including defaults) partition by range (requested_id)`.execute(db);
  await sql`alter table calls add constraint calls_pkey primary key (tenant, call_id, requested_id)`.execute(db);
  await indexCalls(db);
  const day = 86_400_000_000;
  const { rows } = await sql<{ ends: string | null }>`
    select ((max(requested_id) / ${sql.lit(day)} + 1) * ${sql.lit(day)})::text as ends from calls_before`.execute(db);
  const ends = rows[0]?.ends ?? null;
  if (ends === null) await db.schema.dropTable('calls_before').execute();
  else
    await sql`alter table calls attach partition calls_before for values from (minvalue) to (${sql.lit(Number(ends))})`.execute(
      db,
    );
}

async function indexCalls(db: Kysely<unknown>): Promise<void> {
  await sql`create index calls_ended on calls (tenant, agent, ended_at desc, ended_id desc) where ended_id is not null`.execute(
    db,
  );
  await sql`create index calls_newest on calls (tenant, requested_id desc)`.execute(db);
  await sql`create index calls_of_agent on calls (tenant, agent, requested_id desc)`.execute(db);
  await sql`create index calls_open on calls (tenant, requested_id desc) where in_doubt or ended_id is null`.execute(
    db,
  );
}

async function extendRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('runs')
    .addColumn('last_source', 'text', (column) => column.notNull().defaultTo('system'))
    .execute();
  await sql`create index runs_of_agent on runs (tenant, agent, last_id desc)`.execute(db);
  await sql`create index runs_by_name on runs (tenant, run_id text_pattern_ops)`.execute(db);
  await db.schema
    .createTable('run_counts')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('covers', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .addColumn('runs', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_counts_pkey', ['tenant', 'covers', 'agent'])
    .execute();
  await sql`
    insert into run_counts
    select tenant, 'agent', agent, count(*) from runs group by tenant, agent
    union all
    select tenant, 'tenant', '', count(distinct run_id) from runs group by tenant`.execute(db);
}

/** A note's id is that of no event of its tenant; another tenant's may have it. */
async function keepIdsOfTenantsApart(db: Kysely<unknown>): Promise<void> {
  await sql`alter table timeline drop constraint timeline_pkey`.execute(db);
  await sql`alter table timeline add constraint timeline_pkey primary key (tenant, id)`.execute(db);
}
