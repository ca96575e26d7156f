import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The tables of `@tollgate/store`; `events` and `timeline` get their monthly partitions from `Partitions`. */
export const firstTables: Migration = {
  async up(db: Kysely<unknown>) {
    await createEvents(db);
    await createTimeline(db);
    await createCalls(db);
    await createRuns(db);
    await createRollups(db);
    await createConfigChanges(db);
    await createParkedInputs(db);
    await createPositions(db);
  },
};

async function createEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('events')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('journal', 'text', (column) => column.notNull())
    .addColumn('partition', 'integer', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('idx', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text')
    .addColumn('run_id', 'text')
    .addColumn('agent', 'text')
    .addColumn('tool', 'text')
    .addColumn('data', 'jsonb', (column) => column.notNull())
    .addColumn('trace_id', 'text')
    .modifyEnd(sql`partition by range (id)`)
    .execute();
  await db.schema.createIndex('events_of_call').on('events').columns(['tenant', 'call_id', 'id']).execute();
}

async function createTimeline(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('timeline')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text')
    .addColumn('ts', 'timestamptz', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('status', 'text')
    .addColumn('duration_ms', 'integer')
    .addColumn('step', 'text')
    .addColumn('tool', 'text')
    .addColumn('req_id', 'text')
    .addColumn('lease_id', 'text')
    .addColumn('agent_id', 'text')
    .addColumn('message', 'text')
    .addColumn('data', 'jsonb')
    .addColumn('source', 'text', (column) => column.notNull())
    .modifyEnd(sql`partition by range (id)`)
    .execute();
  await db.schema.createIndex('timeline_of_run').on('timeline').columns(['tenant', 'run_id', 'id']).execute();
  await db.schema.createView('run_timeline').as(timelineWithDurations(db)).execute();
}

/**
 * A stage's duration is the distance to the row of the same call before it. It cannot be known when a row is written,
 * because journals are projected independently; the window is bounded by the run, which every reader filters by.
 */
function timelineWithDurations(db: Kysely<unknown>) {
  const ofCall = sql`(partition by tenant, run_id, call_id order by id)`;
  // Clocks of two machines may differ by a moment: never less than nothing.
  const since = (start: typeof ofCall) =>
    sql`round(extract(epoch from greatest(ts, ${start}) - ${start}) * 1000)::integer`;
  return db.selectFrom(sql`timeline`.as('t')).select([
    sql`id`.as('id'),
    sql`tenant`.as('tenant'),
    sql`run_id`.as('run_id'),
    sql`call_id`.as('call_id'),
    sql`ts`.as('ts'),
    sql`type`.as('type'),
    sql`status`.as('status'),
    sql`case
      when source = 'client' or duration_ms is not null then duration_ms
      when type in ('run_finished', 'run_resolved') then ${since(sql`first_value(ts) over ${ofCall}`)}
      else ${since(sql`lag(ts) over ${ofCall}`)}
    end`.as('duration_ms'),
    ...['step', 'tool', 'req_id', 'lease_id', 'agent_id', 'message', 'data', 'source'].map((name) =>
      sql.ref(name).as(name),
    ),
  ]);
}

async function createCalls(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('calls')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .addColumn('tool', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('args_hash', 'text', (column) => column.notNull())
    .addColumn('decision', 'text', (column) => column.notNull())
    .addColumn('policy_reason', 'text', (column) => column.notNull())
    .addColumn('risk_level', 'text', (column) => column.notNull())
    .addColumn('spend_micros', 'bigint', (column) => column.notNull())
    .addColumn('policy_version', 'bigint')
    .addColumn('requested_id', 'bigint', (column) => column.notNull())
    .addColumn('requested_at', 'timestamptz', (column) => column.notNull())
    .addColumn('ended_id', 'bigint')
    .addColumn('ended_at', 'timestamptz')
    .addColumn('in_doubt', 'boolean', (column) => column.notNull())
    .addColumn('resolved_id', 'bigint')
    .addColumn('resolved_at', 'timestamptz')
    .addColumn('resolved_by', 'text')
    .addColumn('result_stream', 'text')
    .addColumn('result_seq', 'bigint')
    .addColumn('result_index', 'integer')
    .addColumn('result_call_id', 'text')
    .addColumn('error_code', 'text')
    .addColumn('error_status', 'integer')
    .addColumn('cap_limit', 'double precision')
    .addColumn('cap_remaining', 'double precision')
    .addColumn('cap_retry_after_sec', 'integer')
    .addColumn('original_call_id', 'text')
    .addColumn('attempt', 'integer')
    .addColumn('http_status', 'integer')
    .addPrimaryKeyConstraint('calls_pkey', ['tenant', 'call_id'])
    .execute();
  await sql`create index calls_logs on calls (tenant, agent, ended_id desc) where ended_id is not null`.execute(db);
  await sql`create index calls_in_doubt on calls (tenant, ended_id desc) where in_doubt`.execute(db);
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('runs')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .addColumn('last_id', 'bigint', (column) => column.notNull())
    .addColumn('last_ts', 'timestamptz', (column) => column.notNull())
    .addColumn('last_type', 'text', (column) => column.notNull())
    .addColumn('last_status', 'text')
    .addColumn('events_count', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('runs_pkey', ['tenant', 'run_id', 'agent'])
    .execute();
  await sql`create index runs_newest on runs (tenant, last_id desc)`.execute(db);
}

async function createRollups(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rollups_hourly')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .addColumn('hour', 'timestamptz', (column) => column.notNull())
    .addColumn('tool', 'text', (column) => column.notNull())
    .addColumn('decision', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addColumn('spend_micros', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('rollups_hourly_pkey', ['tenant', 'agent', 'hour', 'tool', 'decision', 'reason'])
    .execute();
}

async function createConfigChanges(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('config_changes')
    .addColumn('seq', 'bigint', (column) => column.primaryKey())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addColumn('data', 'jsonb', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('config_changes_of_tenant').on('config_changes').columns(['tenant', 'seq']).execute();
}

async function createParkedInputs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('parked_inputs')
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('idx', 'integer', (column) => column.notNull())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('input_type', 'text')
    .addColumn('call_id', 'text')
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('parked_inputs_pkey', ['stage', 'stream', 'seq', 'idx'])
    .execute();
}

async function createPositions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('projection_positions')
    .addColumn('source', 'text', (column) => column.primaryKey())
    .addColumn('mark', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('index', 'integer', (column) => column.notNull())
    .execute();
}
