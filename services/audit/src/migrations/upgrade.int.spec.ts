import { executed, inDoubt, isEnding, nextEventId, unknownOutcome, type EndingEvent } from '@tollgate/events';
import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { PostgresTables } from '../postgres/postgres-tables.js';
import { callRow } from '../rows/call-row.js';
import { eventRow } from '../rows/event-row.js';
import { feedRows } from '../rows/feed-rows.js';
import { projectedRows } from '../rows/projected-rows.js';
import { rollupRows } from '../rows/rollup-rows.js';
import { runRows } from '../rows/run-rows.js';
import { AuditBench } from '../spec/audit-bench.js';
import { executedOutcome, header, messageOf, eventAt, recordedAt } from '../spec/events.js';
import { MIGRATIONS } from './index.js';

const FIRST = '2026-11-21-first-tables';

/** An installation that an earlier release made, with what it has recorded. */
describe('tables of the first release', () => {
  let bench: AuditBench;
  let db: AuditDatabase;
  beforeAll(async () => {
    bench = await AuditBench.open();
    db = bench.database();
  });
  afterAll(() => bench.close());

  const insert = (table: string, row: object) =>
    sql`insert into ${sql.table(table)} select * from json_populate_record(null::${sql.table(table)}, ${JSON.stringify(row)}::json)`.execute(
      db,
    );
  const ended = (callId: string, draft: Parameters<typeof eventAt>[2]) => {
    const event = eventAt('dispatch', Number(callId.slice(5)), draft);
    if (!isEnding(event)) throw new Error('no ending');
    return recordedAt<EndingEvent>('dispatch', event);
  };
  const known = ended('call_1', executed.draft('acme', { call: header('call_1'), outcome: executedOutcome('call_1') }));
  const doubt = ended(
    'call_2',
    inDoubt.draft('acme', { call: header('call_2'), outcome: unknownOutcome('timeout', null, 5), heldUntil: 1 }),
  );

  beforeAll(async () => {
    const provider = { getMigrations: () => Promise.resolve({ [FIRST]: MIGRATIONS[FIRST]! }) };
    expect((await new Migrator({ db, provider }).migrateToLatest()).error).toBeUndefined();
    const month = [
      nextEventId(0, Date.UTC(2026, 10, 1), 'policy', 0),
      nextEventId(0, Date.UTC(2026, 11, 1), 'policy', 0),
    ];
    for (const table of ['events', 'timeline']) {
      const bounds = sql`from (${sql.lit(month[0])}) to (${sql.lit(month[1])})`;
      await sql`create table ${sql.table(`${table}_2026_11`)} partition of ${sql.table(table)} for values ${bounds}`.execute(
        db,
      );
    }
    for (const one of [known, doubt]) {
      await insert('events', eventRow(one));
      await insert('calls', callRow(one)!);
      const { timeline } = projectedRows([messageOf('dispatch', 1, [one.event])]);
      for (const row of timeline) await insert('timeline', row);
      for (const { last_source: _, ...row } of runRows(timeline)) await insert('runs', row);
    }
    await new PostgresTables(db, 7).prepare(Date.UTC(2026, 10, 22));
  });

  it('are brought to this one with all their rows', async () => {
    const calls = await db.selectFrom('calls').select(['call_id', 'in_doubt']).orderBy('call_id').execute();
    expect(calls).toEqual([
      { call_id: 'call_1', in_doubt: false },
      { call_id: 'call_2', in_doubt: true },
    ]);
    expect(await db.selectFrom('runs').select(['run_id', 'last_source']).orderBy('run_id').execute()).toEqual([
      { run_id: 'run of call_1', last_source: 'system' },
      { run_id: 'run of call_2', last_source: 'system' },
    ]);
    expect(await db.selectFrom('run_counts').select(['covers', 'agent', 'runs']).orderBy('covers').execute()).toEqual([
      { covers: 'agent', agent: 'billing', runs: 2 },
      { covers: 'tenant', agent: '', runs: 2 },
    ]);
  });

  it('get the feed that this release would have written', async () => {
    const rows = await db.selectFrom('feed').selectAll().orderBy('id').execute();
    const wanted = [known, doubt].flatMap(feedRows);
    expect(JSON.parse(JSON.stringify(rows))).toEqual(wanted.sort((one, other) => one.id - other.id));
  });

  it('take new rows: of a call that is there, and of days to come', async () => {
    const tables = new PostgresTables(db, 7);
    const settled = executed.draft('acme', { call: header('call_3'), outcome: executedOutcome('call_3') });
    const resolved = { ...doubt, event: { ...doubt.event, type: 'resolved' as const, id: doubt.event.id + 1_280 } };
    const next = eventAt('dispatch', 40 * 86_400_000, settled);
    const rows = projectedRows([messageOf('dispatch', 2, [resolved.event as EndingEvent, next])]);
    await tables.makeRoomFor([next.id], Date.UTC(2026, 11, 31));
    await tables.transaction((trx) =>
      trx.write(
        rows,
        rollupRows(rows.endings, () => undefined),
      ),
    );
    expect(await db.selectFrom('calls').select(['call_id', 'in_doubt']).orderBy('call_id').execute()).toEqual([
      { call_id: 'call_1', in_doubt: false },
      { call_id: 'call_2', in_doubt: false },
      { call_id: 'call_3', in_doubt: false },
    ]);
  });
});
