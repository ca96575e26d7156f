import {
  blocked,
  blockedOutcome,
  executed,
  inDoubt,
  nextEventId,
  policyPassed,
  resolved,
  unknownOutcome,
  type Draft,
  type JournalName,
  type TollgateEvent,
} from '@tollgate/events';
import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import { countedBefore } from '../postgres/counted-before.js';
import { listPartitions } from '../postgres/partition-list.js';
import { PostgresTables } from '../postgres/postgres-tables.js';
import { TableSink } from '../postgres/table-sink.js';
import { projectedRows } from '../rows/projected-rows.js';
import { rollupRows } from '../rows/rollup-rows.js';
import { AuditBench, until } from '../spec/audit-bench.js';
import { eventAt, executedOutcome, header, messageOf, NOON, passed } from '../spec/events.js';
import { goneTimelines, prunePartition } from './prune-partition.js';
import { pruneRecord } from './prune-record.js';

const DAY_MS = 86_400_000;
const KEPT = { logs: 7, rollups: 400 };

describe('the record, as it gets old', () => {
  let bench: AuditBench;
  let db: AuditDatabase;
  let tables: PostgresTables;
  beforeEach(async () => {
    headers.clear();
    bench = await AuditBench.open();
    db = bench.database();
    tables = new PostgresTables(db, KEPT.logs);
    await tables.prepare(NOON);
  });
  afterEach(() => bench.close());

  let ticks = 0;
  /** Never the same moment twice, or ids would be. */
  const agoMs = (days: number) => NOON - days * DAY_MS + (ticks += 1);

  const headers = new Map<string, ReturnType<typeof header>>();
  function headerOf(callId: string, run: string, daysAgo: number) {
    const known = headers.get(callId) ?? newHeader(callId, run, daysAgo);
    headers.set(callId, known);
    return known;
  }
  function newHeader(callId: string, run: string, daysAgo: number) {
    const requestedAt = agoMs(daysAgo);
    return header(callId, { runId: run, requestedAt, requestedId: nextEventId(0, requestedAt, 'policy', 0) });
  }
  const at = (journal: JournalName, daysAgo: number, draft: Draft) =>
    [journal, eventAt(journal, agoMs(daysAgo) - NOON, draft)] as const;

  /** As audit writes it. */
  async function store(events: readonly (readonly [JournalName, TollgateEvent])[]): Promise<void> {
    const rows = projectedRows(events.map(([journal, event], n) => messageOf(journal, n + 1, [event])));
    const ids = [...rows.events, ...rows.timeline].map(({ id }) => id);
    await tables.makeRoomFor([...ids, ...rows.calls.map(({ requested_id: id }) => id)], NOON);
    await tables.transaction(async (trx) => {
      await trx.write(rows, rollupRows(rows.endings, await countedBefore(trx, rows.endings)));
    });
  }

  /** Requested and executed so many days ago. */
  function ran(callId: string, run: string, daysAgo: number) {
    const call = headerOf(callId, run, daysAgo);
    const outcome = executedOutcome(callId);
    return [
      at('policy', daysAgo, policyPassed.draft('acme', passed(call))),
      at('dispatch', daysAgo, executed.draft('acme', { call, outcome })),
    ];
  }
  function doubted(callId: string, daysAgo: number) {
    const call = headerOf(callId, `run of ${callId}`, daysAgo);
    const doubt = { call, outcome: unknownOutcome('timeout', null, 1), heldUntil: 1 };
    return [
      at('policy', daysAgo, policyPassed.draft('acme', passed(call))),
      at('dispatch', daysAgo, inDoubt.draft('acme', doubt)),
    ];
  }
  const resolvedLater = (callId: string, requestedDaysAgo: number, daysAgo: number) => [
    at(
      'dispatch',
      daysAgo,
      resolved.draft('acme', {
        call: headerOf(callId, `run of ${callId}`, requestedDaysAgo),
        outcome: executedOutcome(callId),
      }),
    ),
  ];

  const prune = (nowMs = NOON) => pruneRecord(db, nowMs, KEPT);
  const callIds = async () =>
    (await db.selectFrom('calls').select('call_id').orderBy('call_id').execute()).map(({ call_id }) => call_id);
  const callsIn = async (table: 'events' | 'timeline') =>
    (await db.selectFrom(table).select('call_id').distinct().orderBy('call_id').execute()).map(
      ({ call_id }) => call_id,
    );

  /** What `runs` says is what there is. */
  async function expectRunsToBeTrue(): Promise<void> {
    const there = await sql`
      select tenant, run_id, coalesce(agent_id, '') as agent, count(*)::bigint as events_count
      from timeline group by 1, 2, 3 order by 1, 2, 3`.execute(db);
    const said = await sql`select tenant, run_id, agent, events_count from runs order by 1, 2, 3`.execute(db);
    expect(said.rows).toEqual(there.rows);
    const counted = await sql`
      select tenant, 'agent' as covers, agent, count(*)::bigint as runs from runs group by 1, 3
      union all select tenant, 'tenant', '', count(distinct run_id) from runs group by 1 order by 1, 2, 3`.execute(db);
    expect((await sql`select * from run_counts order by 1, 2, 3`.execute(db)).rows).toEqual(counted.rows);
  }

  it('loses whole days, a day after logs are kept no longer', async () => {
    await store([...ran('old', 'a', 9), ...ran('kept', 'b', 8), ...ran('new', 'c', 0)]);
    const days = new Set((await listPartitions(db)).map(({ name }) => name.replace(/^[a-z]+_/, '')));
    expect(days).toContain('2026_11_12');
    const pruned = await prune();
    expect(pruned?.partitions.toSorted()).toEqual(
      ['calls', 'events', 'feed', 'timeline'].map((table) => `${table}_2026_11_12`),
    );
    expect((await listPartitions(db)).map(({ name }) => name)).not.toContain('events_2026_11_12');
    expect(await callIds()).toEqual(['kept', 'new']);
    for (const table of ['events', 'timeline'] as const) expect(await callsIn(table)).toEqual(['kept', 'new']);
    expect((await db.selectFrom('feed').select('req_id').orderBy('id').execute()).map(({ req_id }) => req_id)).toEqual([
      'kept',
      'new',
    ]);
    await expectRunsToBeTrue();
    expect(await prune()).toEqual({ partitions: [], rollups: 0 });
  });

  it('keeps what is recorded of calls that nobody knows the end of, and of what was resolved lately', async () => {
    await store([...ran('old', 'a', 20), ...doubted('doubt', 20), ...doubted('settled', 20), ...doubted('lost', 35)]);
    await store(resolvedLater('settled', 20, 2));
    await prune();
    expect(await callIds()).toEqual(['doubt', 'settled']);
    expect(await callsIn('timeline')).toEqual(['doubt', 'settled']);
    expect(await callsIn('events')).toEqual(['doubt', 'settled']);
    await expectRunsToBeTrue();
    expect((await prune())?.partitions).toEqual([]);
    // It can be resolved all the same, and is counted in its hour.
    await store(resolvedLater('doubt', 20, 0));
    const [cell] = await db.selectFrom('rollups_hourly').selectAll().where('decision', '=', 'failed').execute();
    expect(cell?.count).toBe(1);
    await prune(NOON + 6 * DAY_MS);
    expect(await callIds()).toEqual(['doubt']);
    await prune(NOON + 8 * DAY_MS);
    expect(await callIds()).toEqual([]);
    await prune(NOON + 10 * DAY_MS);
    expect(await callsIn('timeline')).toEqual([]);
    await expectRunsToBeTrue();
  });

  it('shows a run that goes on with what is left of it', async () => {
    const other = (callId: string, daysAgo: number) => {
      const call = { ...headerOf(callId, 'long', daysAgo), agent: 'second' };
      return [at('policy', daysAgo, blocked.draft('acme', { call, outcome: blockedOutcome('agent_disabled') }))];
    };
    await store([...ran('1', 'long', 12), ...ran('2', 'long', 11), ...ran('3', 'long', 1), ...ran('4', 'short', 12)]);
    await store(other('5', 12));
    const runs = () => db.selectFrom('runs').select(['run_id', 'agent', 'events_count']).orderBy('agent').execute();
    expect(await runs()).toHaveLength(3);
    await prune();
    expect(await runs()).toEqual([{ run_id: 'long', agent: 'billing', events_count: 3 }]);
    await expectRunsToBeTrue();
  });

  it('keeps rollups longer', async () => {
    await store([...ran('old', 'a', 401), ...ran('kept', 'a', 399)]);
    expect(await prune()).toMatchObject({ rollups: 1 });
    expect(await db.selectFrom('rollups_hourly').select('count').execute()).toHaveLength(1);
    expect(await callIds()).toEqual([]);
  });

  it('never loses what a tenant has used: totals of all time are sums of it', async () => {
    await store([...ran('old', 'a', 401), ...ran('new', 'a', 0)]);
    const used = () => db.selectFrom('usage_daily').selectAll().orderBy('day').execute();
    const before = await used();
    expect(before.map(({ ai_requests }) => ai_requests)).toEqual([1, 1]);
    await prune(NOON + 4_000 * DAY_MS);
    expect(await callIds()).toEqual([]);
    expect(await db.selectFrom('rollups_hourly').select('count').execute()).toEqual([]);
    expect(await used()).toEqual(before);
  });

  it('is pruned by one process at a time', async () => {
    await store(ran('old', 'a', 9));
    const other = bench.database();
    await other.connection().execute(async (one) => {
      await sql`select pg_advisory_lock(hashtext('tollgate.pruning'))`.execute(one);
      expect(await prune()).toBeUndefined();
      expect(await callIds()).toEqual(['old']);
      await sql`select pg_advisory_unlock(hashtext('tollgate.pruning'))`.execute(one);
    });
    expect((await prune())?.partitions).toHaveLength(4);
  });

  it('is finished by the next process where one died in the middle', async () => {
    await store([...ran('1', 'long', 12), ...ran('2', 'long', 1), ...ran('3', 'short', 12)]);
    const part = (await listPartitions(db)).find(({ name }) => name === 'timeline_2026_11_09');
    await prunePartition(db, part!, 'goes but for open calls', new Date(NOON));
    expect(await goneTimelines(db)).toHaveLength(1);
    await prune();
    expect(await goneTimelines(db)).toEqual([]);
    await expectRunsToBeTrue();
  });

  it('waits for nobody for long, and lets nobody wait', async () => {
    await store(ran('old', 'a', 9));
    const reader = bench.database();
    await reader.transaction().execute(async (trx) => {
      await trx.selectFrom('calls').selectAll().execute();
      await expect(prune()).rejects.toMatchObject({ code: '55P03' });
    });
    expect((await prune())?.partitions).toHaveLength(4);
  });

  it('is written on while it is pruned; what comes late for a day that is gone has its place again', async () => {
    const lane = bench.start(new TableSink(new PostgresTables(db, KEPT.logs)));
    await bench.writeCalls(20);
    await bench.caughtUp(lane);
    const pruner = bench.database();
    // For it, everything is long ago.
    const later = Date.now() + 60 * DAY_MS;
    for (let round = 0; round < 4; round += 1) {
      await Promise.all([bench.writeCalls(10), pruneRecord(pruner, later, KEPT).catch(() => undefined)]);
    }
    await bench.caughtUp(lane);
    await until(async () => (await pruneRecord(pruner, later, KEPT)) !== undefined);
    await bench.writeCalls(5);
    await bench.caughtUp(lane);
    expect(lane.state).toBe('following');
    const ids = bench.written.slice(-4).map(([, { id }]) => id);
    expect(await db.selectFrom('events').select('id').where('id', 'in', ids).execute()).toHaveLength(4);
    await expectRunsToBeTrue();
  }, 60_000);
});
