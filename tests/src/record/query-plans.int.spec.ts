import { PostgresTables } from '@tollgate/audit';
import { idOfTime } from '@tollgate/events';
import { recordQueries } from '@tollgate/gateway';
import { systemClock } from '@tollgate/journal';
import type { AuditDatabase } from '@tollgate/store';
import { sql, type CompiledQuery, type KyselyPlugin } from 'kysely';
import { ownDatabase } from './own-database.js';

const DAY_MS = 86_400_000;
const DAYS = 8;
const CALLS = 250_000;
/** Rows of a timeline, and of the feed, for each call: a million of each. */
const ROWS = 4;
const TENANT = 'acme';
const NOW = Date.UTC(2026, 10, 21, 12);
/** What a page of 50 may read: every partition has its newest rows, and each row of a page may need some others. */
const MOST_ROWS = 2_000;
const READ_TABLES = /^(events|timeline|feed|calls|runs|rollups_hourly|usage_daily)/;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Contract 5 and 8 at a million rows: lists read indexed pages and rollups, whatever the log has grown to. */
describe('a read of the record', () => {
  let database: Awaited<ReturnType<typeof ownDatabase>>;
  let seen: CompiledQuery[] = [];
  let watched: AuditDatabase;
  beforeAll(async () => {
    database = await ownDatabase();
    const { db } = database;
    await new PostgresTables(db, 7).prepare(NOW);
    await fill(db);
    watched = db.withPlugin(noting(db, (query) => seen.push(query)));
  }, 180_000);
  afterAll(() => database.drop(), 30_000);

  /** The plans of the queries that a read makes, as they ran. */
  async function plansOf(read: () => Promise<unknown>): Promise<readonly Plan[]> {
    seen = [];
    await read();
    const plans: Plan[] = [];
    for (const { sql: text, parameters } of seen.splice(0)) {
      const explained = await database.db.executeQuery<{ 'QUERY PLAN': { Plan: Plan }[] }>({
        ...sql`select`.compile(database.db),
        sql: `explain (analyze, format json) ${text}`,
        parameters,
      });
      plans.push(explained.rows[0]!['QUERY PLAN'][0]!.Plan);
    }
    return plans;
  }

  const page = { limit: 50, offset: 0 };
  const queries = recordQueries;
  const caughtUp = { catchUp: () => Promise.resolve({ ends: new Map(), made: '' }) };
  const journals = ['POLICY-0', 'LEASE-0', 'BUDGET-0', 'DISPATCH-0'];
  const owners = { of: () => Promise.resolve(new Map()), journalsOf: () => journals };
  const follow = (after: number) =>
    new queries.Following(watched, caughtUp, owners, systemClock).page(TENANT, { ...page, after });
  const sevenDaysAgo = new Date(NOW - 7 * DAY_MS);
  const reads: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['GET /calls', () => queries.callsOf(watched, TENANT, page, undefined)],
    ['GET /calls, a later page', () => queries.callsOf(watched, TENANT, { ...page, offset: 500 }, undefined)],
    ['GET /calls?agent_id=', () => queries.callsOf(watched, TENANT, { ...page, agent_id: 'rare' }, undefined)],
    ['GET /calls?status=in_doubt', () => queries.callsOf(watched, TENANT, { ...page, status: 'in_doubt' }, undefined)],
    [
      'GET /calls?status=in_progress',
      () => queries.callsOf(watched, TENANT, { ...page, status: 'in_progress' }, undefined),
    ],
    ['GET /calls, with an agent key', () => queries.callsOf(watched, TENANT, page, ['rare', 'agent-3'])],
    ['GET /calls/{call_id}', () => queries.recordIn(watched).callById(TENANT, 'call_777')],
    ['GET /agents/{id}/logs', () => queries.logOf(watched, TENANT, 'agent-3', sevenDaysAgo, 100)],
    ['GET /agents/{id}/logs, seldom seen', () => queries.logOf(watched, TENANT, 'rare', sevenDaysAgo, 100)],
    ['GET /agents/{id}/metrics?period=hour', () => queries.cellsOf(watched, TENANT, 'agent-3', 'hour', NOW)],
    [
      'GET /agents/{id}/metrics?period=week',
      () => queries.cellsOf(watched, TENANT, 'agent-3', 'week', NOW - 1_800_000),
    ],
    ['GET /events', () => queries.newestOf(watched, TENANT, page)],
    ['GET /events?after=0', () => follow(0)],
    ['GET /events?after=', () => follow(idOfTime(NOW - DAY_MS))],
    ['GET /usage', () => queries.usageTotals(watched, TENANT, { first: '2026-11-01', end: '2026-12-01' })],
    ['GET /me', () => queries.usageTotals(watched, TENANT)],
    ['GET /metrics', () => queries.metricsOf(watched, TENANT, { from_day: '2025-11-21', to_day: '2026-11-21' })],
    ['GET /runs', () => queries.runsOf(watched, TENANT, page, undefined)],
    ['GET /runs?q=', () => queries.runsOf(watched, TENANT, { ...page, q: 'run-7777' }, undefined)],
    ['GET /runs, with an agent key', () => queries.runsOf(watched, TENANT, page, ['rare'])],
    ['GET /runs/{run_id}', () => queries.timelineOf(watched, TENANT, 'run-777', page, undefined)],
    ['GET /runs/{run_id}, with an agent key', () => queries.timelineOf(watched, TENANT, 'run-777', page, ['agent-3'])],
  ];

  it.each(reads)('%s: no sequential scan, and no more rows than its page needs', async (_route, read) => {
    const plans = await plansOf(read);
    expect(plans.length).toBeGreaterThan(0);
    const nodes = plans.flatMap(nodesOf);
    expect(nodes.filter(isScanOfAll)).toEqual([]);
    expect(nodes.reduce((sum, node) => sum + rowsRead(node), 0)).toBeLessThan(MOST_ROWS);
  });

  it('of many runs, counted for a key of several agents, goes by the index of its agents', async () => {
    const nodes = (await plansOf(() => queries.runsOf(watched, TENANT, page, ['rare', 'agent-3']))).flatMap(nodesOf);
    expect(nodes.filter(isScanOfAll)).toEqual([]);
  });

  it('is none of the events themselves, which are not filled here: what is made of them is read', async () => {
    seen = [];
    for (const [, read] of reads) await read();
    const texts = seen.map(({ sql: text }) => text);
    expect(texts.filter((text) => text.includes('"feed"')).length).toBeGreaterThan(0);
    expect(texts.filter((text) => text.includes('"events"'))).toEqual([]);
  });

  it('would be noticed if it scanned', async () => {
    const nodes = (
      await plansOf(() => watched.selectFrom('feed').selectAll().where('tool', '=', 'x').execute())
    ).flatMap(nodesOf);
    expect(nodes.filter(isScanOfAll).length).toBeGreaterThan(0);
  });
});

const isScanOfAll = (node: Plan): boolean =>
  node['Node Type'].endsWith('Seq Scan') && READ_TABLES.test(node['Relation Name'] ?? '') && rowsRead(node) > 0;

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

function rowsRead(node: Plan): number {
  if (node['Relation Name'] === undefined) return 0;
  return (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
}

/** Notes what runs, as it is sent. */
const noting = (db: AuditDatabase, note: (query: CompiledQuery) => void): KyselyPlugin => ({
  transformQuery: ({ node, queryId }) => {
    note(db.getExecutor().compileQuery(node, queryId));
    return node;
  },
  transformResult: ({ result }) => Promise.resolve(result),
});

/** Eight days of calls of 50 agents, and of one that is seldom seen; every one with its rows everywhere. */
async function fill(db: AuditDatabase): Promise<void> {
  const began = NOW - DAYS * DAY_MS;
  const days = Array.from({ length: DAYS + 1 }, (_, day) => idOfTime(began + day * DAY_MS));
  await new PostgresTables(db, 7).makeRoomFor(days, NOW);
  const step = (DAYS * DAY_MS * 1_000) / CALLS;
  await sql`
    create table filling as
    select n, 'call_' || n as call_id, 'run-' || n as run_id, 'tool-' || n % 7 as tool,
      case when n % 50000 = 0 then 'rare' else 'agent-' || n % 50 end as agent,
      ${sql.lit(idOfTime(began))} + (n * ${sql.lit(step)}::numeric)::bigint as id,
      to_timestamp(${sql.lit(began / 1_000)} + n * ${sql.lit(step / 1e6)}) as at
    from generate_series(0::bigint, ${sql.lit(CALLS - 1)}) n`.execute(db);
  const tenant = sql.lit(TENANT);
  await sql`
    insert into calls (tenant, call_id, run_id, agent, tool, key_id, args_hash, decision, policy_reason, risk_level,
      spend_micros, requested_id, requested_at, ended_id, ended_at, in_doubt)
    select ${tenant}, call_id, run_id, agent, tool, 'key', 'hash', 'executed', 'ok', 'low', 1, id, at, id + 128, at, n % 10000 = 7
    from filling`.execute(db);
  await sql`
    insert into timeline (id, tenant, run_id, call_id, ts, type, status, step, tool, agent_id, source)
    select id + part * 128, ${tenant}, run_id, call_id, at, 'policy_decided', 'passed', 'policy', tool, agent, 'system'
    from filling, generate_series(0, ${sql.lit(ROWS - 1)}) part`.execute(db);
  await sql`
    insert into feed (id, tenant, ts, type, req_id, agent_id, tool)
    select id + part * 128, ${tenant}, at, 'tool_executed', call_id || '-' || part, agent, tool
    from filling, generate_series(0, ${sql.lit(ROWS - 1)}) part`.execute(db);
  await sql`
    insert into runs (tenant, run_id, agent, last_id, last_ts, last_type, last_status, events_count)
    select ${tenant}, run_id, agent, id, at, 'run_finished', 'executed', ${sql.lit(ROWS)} from filling`.execute(db);
  await sql`
    insert into run_counts select ${tenant}, 'agent', agent, count(*) from filling group by agent
    union all select ${tenant}, 'tenant', '', count(*) from filling`.execute(db);
  await sql`
    insert into rollups_hourly
    select ${tenant}, agent, date_trunc('hour', at), tool, 'executed', 'ok', count(*), count(*)
    from filling group by agent, date_trunc('hour', at), tool`.execute(db);
  await sql`
    insert into usage_daily (tenant, day, ai_requests)
    select case when n = 0 then ${tenant} else 'tenant-' || n end, date '2025-06-01' + day, 1
    from generate_series(0, 99) n, generate_series(0, 538) day`.execute(db);
  await sql`
    insert into projection_positions select source, 'm', 1, 0, 'e', ${sql.lit(idOfTime(NOW))}
    from unnest(array['POLICY-0', 'LEASE-0', 'BUDGET-0', 'DISPATCH-0']) source`.execute(db);
  await sql`drop table filling`.execute(db);
  for (const table of ['calls', 'timeline', 'feed', 'runs', 'rollups_hourly', 'usage_daily']) {
    await sql`analyze ${sql.table(table)}`.execute(db);
  }
}
