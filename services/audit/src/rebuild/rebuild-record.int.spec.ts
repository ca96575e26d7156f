import {
  blocked,
  blockedOutcome,
  executed,
  idOfTime,
  inDoubt,
  leaseAcquired,
  leaseSettled,
  nextEventId,
  policyPassed,
  resolved,
  unknownOutcome,
  type Draft,
  type JournalName,
  type TollgateEvent,
} from '@tollgate/events';
import { JOURNALS } from '@tollgate/journal';
import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import { PostgresTables } from '../postgres/postgres-tables.js';
import { TableSink } from '../postgres/table-sink.js';
import { AuditBench, until } from '../spec/audit-bench.js';
import { eventAt, executedOutcome, header, NOON, passed } from '../spec/events.js';
import { beginningOf } from './beginning.js';
import { olderIn } from './older-in.js';
import { rebuildRecord } from './rebuild-record.js';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 40;

describe('a record that is made anew from the journals', () => {
  let bench: AuditBench;
  let db: AuditDatabase;
  beforeEach(async () => {
    bench = await AuditBench.open();
    db = bench.database();
  });
  afterEach(() => bench.close());

  let ticks = 0;
  const headers = new Map<string, ReturnType<typeof header>>();
  const agoMs = (days: number) => NOON - days * DAY_MS + (ticks += 1);
  function headerOf(callId: string, daysAgo: number, run: string) {
    const requestedAt = agoMs(daysAgo);
    const made = header(callId, {
      requestedAt,
      requestedId: nextEventId(0, requestedAt, 'policy', 0),
      runId: run,
    });
    const known = headers.get(callId) ?? made;
    headers.set(callId, known);
    return known;
  }
  const at = async (journal: JournalName, daysAgo: number, draft: Draft) =>
    bench.append(journal, [eventAt(journal, agoMs(daysAgo) - NOON, draft)]);

  async function begun(callId: string, daysAgo: number, run = `run of ${callId}`) {
    const call = headerOf(callId, daysAgo, run);
    await at('policy', daysAgo, policyPassed.draft('acme', passed(call)));
    const grant = { leaseKey: callId, outgoingKey: `tg_${callId}` };
    await at('lease', daysAgo, leaseAcquired.draft('acme', { ...passed(call), grant, claim: callId }));
    return call;
  }
  async function ran(callId: string, daysAgo: number, run?: string) {
    const call = await begun(callId, daysAgo, run);
    await at('dispatch', daysAgo, executed.draft('acme', { call, outcome: executedOutcome(callId) }));
  }
  async function doubted(callId: string, daysAgo: number) {
    const call = await begun(callId, daysAgo);
    const outcome = unknownOutcome('timeout', null, 5);
    await at('dispatch', daysAgo, inDoubt.draft('acme', { call, outcome, heldUntil: 1 }));
  }
  const settled = async (callId: string, daysAgo: number) => {
    const call = headers.get(callId)!;
    await at('dispatch', daysAgo, resolved.draft('acme', { call, outcome: executedOutcome(callId) }));
    const how = { state: 'free', givesBack: '2026-11' } as const;
    await at('lease', daysAgo, leaseSettled.draft('acme', { leaseKey: callId, callId, how }));
  };
  const refused = async (callId: string, daysAgo: number) => {
    const call = headerOf(callId, daysAgo, 'long');
    await at('policy', daysAgo, blocked.draft('acme', { call, outcome: blockedOutcome('agent_disabled') }));
  };

  /** What befell over five days; of some calls it begins on one day and ends on another. */
  async function fiveDays(): Promise<void> {
    headers.clear();
    await ran('old', 4, 'long');
    await doubted('settled later', 4);
    await doubted('still open', 4);
    await refused('refused', 4);
    const late = await begun('ends later', 3);
    await ran('middle', 2, 'long');
    await settled('settled later', 1);
    await at('dispatch', 1, executed.draft('acme', { call: late, outcome: executedOutcome('ends later') }));
    await doubted('settled soon', 1);
    await settled('settled soon', 0);
    await ran('new', 0, 'long');
    await refused('refused again', 0);
  }

  const follow = () => bench.start(new TableSink(new PostgresTables(db, KEPT_DAYS)));
  const rebuild = () => rebuildRecord(bench.bus, db, bench.sources, NOON);

  /** Everything but where the projections are. */
  async function everything(): Promise<unknown> {
    const tables = [
      'events',
      'calls',
      'timeline',
      'feed',
      'runs',
      'run_counts',
      'rollups_hourly',
      'usage_daily',
    ] as const;
    const said = await Promise.all(
      tables.map(async (table) => {
        const { rows } = await sql<{ row: object }>`select to_jsonb(one) as row from ${sql.table(table)} one`.execute(
          db,
        );
        const texts = rows.map(({ row }) => JSON.stringify(row)).sort();
        return [table, texts.filter((text) => !text.includes('"count": 0') && !text.includes('"count":0'))] as const;
      }),
    );
    return Object.fromEntries(said);
  }
  /** Whatever is older than so many days is gone from the journals. */
  async function purgeOlderThan(days: number): Promise<void> {
    for (const { stream } of bench.sources) {
      const { first, last } = await bench.bus.rangeOf(stream);
      let stays = last + 1;
      for (let seq = last; seq >= Math.max(1, first); seq -= 1) {
        const message = await bench.bus.message(stream, seq);
        const [event] = (JSON.parse(new TextDecoder().decode(message?.data)) as { events: TollgateEvent[] }).events;
        if (event !== undefined && event.at >= NOON - days * DAY_MS) stays = seq;
      }
      await bench.bus.purge(stream, stays);
    }
  }

  it('is what it was, where the journals hold everything', async () => {
    await fiveDays();
    const lane = follow();
    await bench.caughtUp(lane);
    // From NOTES, which is not read again.
    await db.updateTable('usage_daily').set({ rate_limited: 5 }).execute();
    const before = await everything();
    expect(await rebuild()).toEqual({ since: -Infinity });
    await until(async () => JSON.stringify(await everything()) === JSON.stringify(before));
    expect(lane.state).toBe('following');
  });

  it('keeps what is older than the journals, and is what it was', async () => {
    await fiveDays();
    const lane = follow();
    await bench.caughtUp(lane);
    const before = await everything();
    await purgeOlderThan(3.5);
    // The first that every journal still holds is of the 19th: from the midnight behind it on nothing is missing.
    expect(await rebuild()).toEqual({ since: Date.UTC(2026, 10, 20) });
    await until(async () => JSON.stringify(await everything()) === JSON.stringify(before));
    expect(await rebuild()).toEqual({ since: Date.UTC(2026, 10, 20) });
    await until(async () => JSON.stringify(await everything()) === JSON.stringify(before));
  });

  it('mends what is wrong in it since then, and nothing before', async () => {
    await fiveDays();
    const lane = follow();
    await bench.caughtUp(lane);
    const before = await everything();
    await purgeOlderThan(3.5);
    await sql`delete from events where id % 2 = 0 and at > ${new Date(NOON - 1.4 * DAY_MS)}`.execute(db);
    await sql`update calls set spend_micros = 1 where ended_at > ${new Date(NOON - 1.4 * DAY_MS)}`.execute(db);
    await sql`update rollups_hourly set count = count + 7 where hour > ${new Date(NOON - 1.4 * DAY_MS)}`.execute(db);
    await sql`update usage_daily set ai_requests = 99 where day >= '2026-11-20'`.execute(db);
    expect(JSON.stringify(await everything())).not.toEqual(JSON.stringify(before));
    await rebuild();
    await until(async () => JSON.stringify(await everything()) === JSON.stringify(before));
  });

  it('says that it is behind until it has been written again: followers go by the ids that it has (rule 16)', async () => {
    await fiveDays();
    const lane = follow();
    await bench.caughtUp(lane);
    await lane.stop();
    await purgeOlderThan(3.5);
    const heads = () => db.selectFrom('projection_positions').select(['source', 'seq', 'last_id']).execute();
    const before = new Map((await heads()).map((head) => [head.source, head]));
    await rebuild();
    const midnight = idOfTime(Date.UTC(2026, 10, 20));
    for (const { source, seq, last_id } of await heads()) {
      if (!['POLICY-0', 'LEASE-0', 'DISPATCH-0'].includes(source)) continue;
      expect(seq).toBeLessThan(before.get(source)!.seq);
      expect(last_id).toBeLessThan(midnight);
    }
  });

  it('keeps what is older than a journal that was made anew', async () => {
    await fiveDays();
    const lane = follow();
    await bench.caughtUp(lane);
    await lane.stop();
    const { stream } = bench.sources[JOURNALS.indexOf('policy')]!;
    await bench.bus.manager.streams.delete(stream);
    await bench.createStream(stream, `${bench.name}.policy`);
    await refused('since then', 0);
    const before = await everything();
    expect(await rebuild()).toBe('nothing whole');
    expect(await rebuildRecord(bench.bus, db, bench.sources, NOON + DAY_MS)).toEqual({ since: Date.UTC(2026, 10, 22) });
    expect(await everything()).toEqual(before);
  });

  it('is made anew while it is written: what comes meanwhile is there once', async () => {
    const lanes = [follow(), bench.start(new TableSink(new PostgresTables(bench.database(), KEPT_DAYS)))];
    await bench.writeCalls(30);
    await Promise.all(lanes.map((lane) => bench.caughtUp(lane)));
    const operator = bench.database();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([bench.writeCalls(10), rebuildRecord(bench.bus, operator, bench.sources, Date.now())]);
    }
    await Promise.all(lanes.map((lane) => bench.caughtUp(lane)));
    const written = bench.written.map(([, { id }]) => id).sort((a, b) => a - b);
    const ids = async () => (await db.selectFrom('events').select('id').orderBy('id').execute()).map(({ id }) => id);
    await until(async () => (await ids()).length === written.length);
    expect(await ids()).toEqual(written);
    const { rows } = await sql<{ asked: number; counted: number; ended: number }>`select
      (select sum(ai_requests) from usage_daily)::bigint as asked,
      (select sum(count) from rollups_hourly)::bigint as counted,
      (select count(*) from calls where ended_id is not null)::bigint as ended`.execute(db);
    expect(rows[0]).toEqual({ asked: 80, counted: 80, ended: 80 });
    expect(lanes.map(({ state }) => state)).not.toContain('stopped');
  });

  it('is left alone where the journals hold no whole day, and while somebody else is at it', async () => {
    await ran('one', 0);
    await ran('two', 0);
    for (const { stream } of bench.sources) await bench.bus.purge(stream, 2);
    expect(await rebuild()).toBe('nothing whole');
    const other = bench.database();
    await other.connection().execute(async (one) => {
      await sql`select pg_advisory_lock(hashtext('tollgate.pruning'))`.execute(one);
      expect(await rebuild()).toBe('busy');
      await sql`select pg_advisory_unlock(hashtext('tollgate.pruning'))`.execute(one);
    });
  });

  it('never begins in the middle of a message, nor of a moment whose ids are ahead of it', async () => {
    const midnight = Date.UTC(2026, 10, 20);
    const call = header('a', { requestedId: 1 });
    const draft = policyPassed.draft('acme', passed(call));
    const both = [midnight - 1, midnight].map((ms) => eventAt('policy', ms - NOON, draft));
    await bench.append('policy', [eventAt('policy', midnight - DAY_MS - 5 - NOON, draft)]);
    await bench.append('policy', [eventAt('policy', midnight - DAY_MS - 4 - NOON, draft)]);
    await bench.append('policy', both);
    await bench.append('policy', [eventAt('policy', midnight + DAY_MS + 9 - NOON, draft)]);
    await bench.bus.purge(bench.sources[JOURNALS.indexOf('policy')]?.stream ?? '', 2);
    const beginning = async () => {
      const journals = bench.sources.filter((source) => source.kind === 'journal');
      return await beginningOf(bench.bus, journals, olderIn(db), NOON);
    };
    await bench.caughtUp(follow());
    // The day before is whole, but for what was purged; the midnight in a message cuts nothing; the next does.
    expect((await beginning())?.since).toBe(midnight - DAY_MS);
    expect((await beginning())?.cuts.get('POLICY-0')?.seq).toBe(2);
    await bench.bus.purge(bench.sources[JOURNALS.indexOf('policy')]?.stream ?? '', 3);
    expect((await beginning())?.since).toBe(midnight + DAY_MS);
  });
});
