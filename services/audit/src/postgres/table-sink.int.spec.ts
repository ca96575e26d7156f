import { inDoubt, isEnding, resolved, taskCompleted, unknownOutcome, type Task } from '@tollgate/events';
import { journalStream, JOURNALS } from '@tollgate/journal';
import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import { AuditBench, until } from '../spec/audit-bench.js';
import { eventAt, executedOutcome, header, NOON } from '../spec/events.js';
import { PostgresTables } from './postgres-tables.js';
import { TableSink } from './table-sink.js';

const SLOW = 30_000;
const MONTH_MS = 30 * 86_400_000;

/** A job that was done at once, on a key that somebody else had let expire. */
const leasedAgain: Task = {
  key: 'k',
  state: { is: 'completed', at: NOON + MONTH_MS },
  leaseId: 'lease_2',
  version: 2,
  ttlSec: 60,
  until: NOON + MONTH_MS + 60_000,
  firstSeenAt: NOON,
  acquired: { version: 2, usage: 1, charged: 0 },
  job: { runId: 'late', dryRun: false, actions: [], skipped: 0, ended: [] },
};

describe('the projection into Postgres', () => {
  let bench: AuditBench;
  let db: AuditDatabase;

  beforeEach(async () => {
    bench = await AuditBench.open();
    db = bench.database();
  });
  afterEach(() => bench.close());

  const eventIds = async () => (await db.selectFrom('events').select('id').orderBy('id').execute()).map(({ id }) => id);
  const writtenIds = () => bench.written.map(([, { id }]) => id).sort((a, b) => a - b);
  const endedCalls = async () =>
    Number(
      (
        await db
          .selectFrom('rollups_hourly')
          .select(sql<string>`sum(count)`.as('n'))
          .executeTakeFirst()
      )?.n ?? 0,
    );
  /** What the tenants are told of their usage. */
  const askedFor = async () =>
    Number(
      (
        await db
          .selectFrom('usage_daily')
          .select(sql<string>`sum(ai_requests)`.as('n'))
          .executeTakeFirst()
      )?.n ?? 0,
    );
  const endedWritten = () =>
    new Set(bench.written.flatMap(([, event]) => (isEnding(event) ? [event.data.call.callId] : []))).size;

  it(
    'G2: stopped between commit and the next read, twenty times: every event is there once, every call counted once',
    async () => {
      for (let life = 0; life < 20; life += 1) {
        await bench.writeCalls(3);
        await bench.dieAfter(new TableSink(new PostgresTables(db, 7)), 1);
        await bench.writeCalls(2);
      }
      await bench.caughtUp(bench.start(new TableSink(new PostgresTables(db, 7))));
      expect(await eventIds()).toEqual(writtenIds());
      expect(await endedCalls()).toBe(endedWritten());
      expect(await askedFor()).toBe(endedWritten());
    },
    SLOW,
  );

  it('G2: two processes at once: every event is there once, every call counted once', async () => {
    const lanes = [
      bench.start(new TableSink(new PostgresTables(db, 7))),
      bench.start(new TableSink(new PostgresTables(bench.database(), 7))),
    ];
    for (let round = 0; round < 5; round += 1) {
      await bench.writeCalls(10);
      // From here both follow and know nothing of each other: they read the same next messages.
      await Promise.all(lanes.map((lane) => bench.caughtUp(lane)));
    }
    await until(async () => (await eventIds()).length >= writtenIds().length);
    expect(await eventIds()).toEqual(writtenIds());
    expect(await endedCalls()).toBe(endedWritten());
    expect(await askedFor()).toBe(endedWritten());
    expect(lanes.map(({ state }) => state)).not.toContain('stopped');
  });

  it(
    'G5: Postgres cuts every connection again and again: nothing is lost, nothing doubled',
    async () => {
      const lane = bench.start(new TableSink(new PostgresTables(db, 7)));
      const operator = bench.database();
      for (let round = 0; round < 10; round += 1) {
        await bench.writeCalls(10);
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
          operator,
        );
      }
      await bench.caughtUp(lane);
      expect(await eventIds()).toEqual(writtenIds());
      expect(await endedCalls()).toBe(endedWritten());
      expect(await askedFor()).toBe(endedWritten());
    },
    SLOW,
  );

  it(
    'G5: dropped while it runs, everything comes back as it was',
    async () => {
      await bench.writeCalls(40);
      const lane = bench.start(new TableSink(new PostgresTables(db, 7)));
      await bench.caughtUp(lane);
      const before = await everything(db);
      await sql`drop schema public cascade`.execute(db);
      await sql`create schema public`.execute(db);
      await until(async () => (await everything(db).catch(() => undefined)) === before);
      expect(JSON.parse(before).calls).toHaveLength(40);
    },
    SLOW,
  );

  it(
    'takes in a backlog that is larger than what it holds in memory',
    async () => {
      await bench.writeCalls(2_400);
      await bench.caughtUp(bench.start(new TableSink(new PostgresTables(db, 7))));
      expect(await eventIds()).toEqual(writtenIds());
    },
    SLOW,
  );

  it('stores each call as it stands now, whichever journal is read first', async () => {
    await bench.writeCalls(8);
    await bench.caughtUp(bench.start(new TableSink(new PostgresTables(db, 7))));
    const calls = await db.selectFrom('calls').select(['call_id', 'decision', 'policy_reason', 'in_doubt']).execute();
    const byId = new Map(calls.map((call) => [call.call_id, call]));
    expect(byId.get('call_1')).toMatchObject({ decision: 'executed', in_doubt: false });
    expect(byId.get('call_3')).toMatchObject({ decision: 'blocked', policy_reason: 'tool_explicitly_blocked' });
    expect(byId.get('call_4')).toMatchObject({ decision: 'failed', policy_reason: 'outcome_unknown', in_doubt: true });
    expect(byId.get('call_8')).toMatchObject({ decision: 'executed', in_doubt: false });
  });

  it('counts runs: of a tenant, and of each of its agents', async () => {
    await bench.writeCalls(12);
    const lane = bench.start(new TableSink(new PostgresTables(db, 7)));
    await bench.caughtUp(lane);
    await bench.writeCalls(12);
    await bench.caughtUp(lane);
    const rows = await db.selectFrom('run_counts').selectAll().orderBy('covers').execute();
    const runs = await db.selectFrom('runs').select('run_id').distinct().execute();
    expect(runs).toHaveLength(5);
    expect(rows).toEqual([
      { tenant: 'acme', covers: 'agent', agent: 'billing', runs: 5 },
      { tenant: 'acme', covers: 'tenant', agent: '', runs: 5 },
    ]);
  });

  it('lists every ending in the feed, under the id of its event', async () => {
    await bench.writeCalls(8);
    await bench.caughtUp(bench.start(new TableSink(new PostgresTables(db, 7))));
    const rows = await db.selectFrom('feed').select(['id', 'type']).orderBy('id').execute();
    const endings = bench.written.map(([, event]) => event).filter(isEnding);
    const wanted = endings.map(({ id, data }) => ({ id, type: `tool_${data.outcome.decision}` }));
    expect(rows).toEqual(wanted.sort((one, other) => one.id - other.id));
  });

  it('tells how far it is: of each journal, and of CALLS as policy had decided it', async () => {
    await bench.writeCalls(2);
    const lane = bench.start(new TableSink(new PostgresTables(db, 7)));
    await bench.caughtUp(lane);
    const rows = await db.selectFrom('projection_positions').select(['source', 'seq']).execute();
    const bySource = new Map(rows.map(({ source, seq }) => [source, seq]));
    for (const journal of JOURNALS)
      expect(bySource.get(journalStream(journal, 0))).toBe(lane.reached(journalStream(journal, 0)));
    expect(bySource.get('CALLS-0')).toBe(7);
  });

  it('tells of each journal who wrote its last message, and the highest id', async () => {
    await bench.writeCalls(4);
    await bench.caughtUp(bench.start(new TableSink(new PostgresTables(db, 7))));
    const rows = await db.selectFrom('projection_positions').select(['source', 'epoch', 'last_id']).execute();
    for (const journal of JOURNALS) {
      const ids = bench.written.filter(([into]) => into === journal).map(([, { id }]) => id);
      const row = rows.find(({ source }) => source === journalStream(journal, 0));
      expect(row).toMatchObject({ epoch: 'e1', last_id: Math.max(...ids) });
    }
  });

  it('shows a timeline in order, with what each step took', async () => {
    await bench.writeCalls(1);
    await bench.caughtUp(bench.start(new TableSink(new PostgresTables(db, 7))));
    const rows = await db
      .selectFrom('run_timeline')
      .selectAll()
      .where('tenant', '=', 'acme')
      .where('run_id', '=', 'run_1')
      .orderBy('id')
      .execute();
    expect(rows.map(({ type }) => type)).toEqual([
      'run_started',
      'policy_decided',
      'lease_decided',
      'budget_decided',
      'tool_call',
      'tool_result',
      'run_finished',
    ]);
    expect(rows[0]?.duration_ms).toBeNull();
    expect(rows.slice(1).every(({ duration_ms }) => Number.isInteger(duration_ms))).toBe(true);
  });

  it('takes in and shows what took 30 days: a job on a key that was seen first then, a call that was resolved late', async () => {
    const call = header('call_1', { runId: 'late' });
    const unknown = unknownOutcome('timeout', null, 5);
    await bench.append('dispatch', [
      eventAt('dispatch', 0, inDoubt.draft('acme', { call, outcome: unknown, heldUntil: 1 })),
    ]);
    const settled = resolved.draft('acme', { call, outcome: executedOutcome('call_1'), by: 'key_9' });
    await bench.append('dispatch', [eventAt('dispatch', MONTH_MS, settled)]);
    await bench.append('lease', [eventAt('lease', MONTH_MS, taskCompleted.draft('acme', { task: leasedAgain }))]);
    await bench.caughtUp(bench.start(new TableSink(new PostgresTables(db, 7))));
    const rows = db.selectFrom('run_timeline').select(['type', 'duration_ms']).where('tenant', '=', 'acme');
    expect(await rows.where('run_id', '=', 'late').where('duration_ms', '>', 0).orderBy('type').execute()).toEqual([
      { type: 'job_finished', duration_ms: MONTH_MS },
      { type: 'run_resolved', duration_ms: MONTH_MS },
    ]);
  });

  it('stops with a clear word when a journal was made anew', async () => {
    await bench.writeCalls(3);
    const lane = bench.start(new TableSink(new PostgresTables(db, 7)));
    await bench.caughtUp(lane);
    await lane.stop();
    const [source] = bench.sources;
    await bench.bus.manager.streams.delete(source?.stream ?? '');
    await bench.createStream(source?.stream ?? '', `${bench.name}.policy`);
    await bench.writeCalls(30);
    const again = bench.start(new TableSink(new PostgresTables(db, 7)));
    await until(() => again.state === 'stopped');
  });
});

/** All rows of all tables, as text. */
async function everything(db: AuditDatabase): Promise<string> {
  const tables = [
    'events',
    'calls',
    'timeline',
    'feed',
    'runs',
    'run_counts',
    'rollups_hourly',
    'usage_daily',
    'parked_inputs',
    'projection_positions',
  ] as const;
  const rows = await Promise.all(
    tables.map((table) =>
      db
        .selectFrom(table)
        .selectAll()
        .orderBy(sql`1, 2, 3, 4`)
        .execute(),
    ),
  );
  return JSON.stringify(Object.fromEntries(tables.map((table, index) => [table, rows[index]])));
}
