import { journalsOf, PostgresTables, projectedRows, readMessage, rollupRows } from '@tollgate/audit';
import {
  blocked,
  blockedOutcome,
  executed,
  failed,
  failedOutcome,
  finish,
  inDoubt,
  nextEventId,
  resolved,
  unknownOutcome,
  type CallHeader,
  type Draft,
  type EndingEvent,
  type Outcome,
} from '@tollgate/events';
import { recordQueries } from '@tollgate/gateway';
import { encodeBatch } from '@tollgate/journal';
import { ownDatabase } from './own-database.js';

const HOUR_MS = 3_600_000;
const PERIODS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS } as const;
const LAST = Date.UTC(2026, 10, 21, 12, 41);
const CALLS = 600;

const NO = blockedOutcome('tool_explicitly_blocked');
const BROKEN = failedOutcome('tool_error');

/** The same sequence each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Contract 5: periods roll, and begin in the midst of an hour, for which no rollup stands. */
describe('metrics of a rolling period', () => {
  const next = random(51);
  const endings: { at: number; agent: string; tool: string; outcome: Outcome }[] = [];
  let database: Awaited<ReturnType<typeof ownDatabase>>;
  beforeAll(async () => {
    database = await ownDatabase();
    const tables = new PostgresTables(database.db, 7);
    await tables.prepare(LAST);
    const events = Array.from({ length: CALLS }, (_, n) => callEnding(n)).flat();
    const data = encodeBatch({ epoch: 'e', positions: {}, events });
    const source = journalsOf(0).find(({ name }) => name === 'DISPATCH-0')!;
    const rows = projectedRows([readMessage(source, { seq: 1, subject: '', data, stampMs: LAST, mark: '' })]);
    await tables.makeRoomFor(
      [...events.map(({ id }) => id), ...rows.calls.map(({ requested_id }) => requested_id)],
      LAST,
    );
    await tables.transaction((trx) =>
      trx.write(
        rows,
        rollupRows(rows.endings, () => undefined),
      ),
    );
  }, 60_000);
  afterAll(() => database.drop());

  /** What is counted of it by hand. */
  function countedBy(
    agent: string,
    period: keyof typeof PERIODS,
    nowMs: number,
  ): ReadonlyMap<string, readonly number[]> {
    const counted = new Map<string, readonly number[]>();
    for (const { at, tool, outcome } of endings.filter((ending) => ending.agent === agent)) {
      if (at <= nowMs - PERIODS[period]) continue;
      const cell = `${tool} ${outcome.decision} ${outcome.reason}`;
      const [count = 0, spend = 0] = counted.get(cell) ?? [];
      counted.set(cell, [count + 1, spend + outcome.spend]);
    }
    return counted;
  }

  it.each(Object.keys(PERIODS) as (keyof typeof PERIODS)[])('counts each call of the last %s once', async (period) => {
    for (const laterMs of [0, 1, 59_999, 1_140_000, 1_140_001, 2_400_000, 4_740_000]) {
      const now = LAST + laterMs;
      for (const agent of ['billing', 'other', 'nobody']) {
        const cells = await recordQueries.cellsOf(database.db, 'acme', agent, period, now);
        const told = cells.filter(({ count }) => count !== 0);
        const byCell = told.map((cell) => [
          `${cell.tool} ${cell.decision} ${cell.reason}`,
          [cell.count, cell.spend_micros],
        ]);
        expect([laterMs, agent, new Map(byCell as never)]).toEqual([laterMs, agent, countedBy(agent, period, now)]);
      }
    }
  });

  it('was tried where it matters: calls on both sides of where each period begins', () => {
    for (const length of Object.values(PERIODS)) {
      const around = endings.filter(({ at }) => Math.abs(at - (LAST - length)) < HOUR_MS);
      expect(around.filter(({ at }) => at > LAST - length).length).toBeGreaterThan(20);
      expect(around.filter(({ at }) => at <= LAST - length).length).toBeGreaterThan(20);
    }
  });

  /** Most of them around where a period begins. */
  function endedAt(): number {
    const edge = [HOUR_MS, 24 * HOUR_MS, 168 * HOUR_MS][Math.floor(next() * 3)]!;
    const at = next() < 0.8 ? LAST - edge + (next() - 0.5) * 3 * HOUR_MS : LAST - next() * 169 * HOUR_MS;
    return Math.min(LAST, Math.floor(at));
  }

  function callEnding(n: number): readonly EndingEvent[] {
    const at = endedAt();
    const call = header(n, at);
    const event = (draft: Draft, atMs: number) =>
      finish(draft, nextEventId(0, atMs, 'dispatch', 0) + n * 128, atMs) as EndingEvent;
    const ran: Outcome = { decision: 'executed', reason: 'ok', spend: n * 1_000 };
    const unknown = unknownOutcome('timeout', null, n * 500);
    const ended = (outcome: Outcome) => void endings.push({ at, agent: call.agent, tool: call.tool, outcome });
    switch (n % 5) {
      case 0:
        ended(ran);
        return [event(executed.draft('acme', { call, outcome: ran }), at)];
      case 1:
        ended(NO);
        return [event(blocked.draft('acme', { call, outcome: NO }), at)];
      case 2:
        ended(BROKEN);
        return [event(failed.draft('acme', { call, outcome: BROKEN }), at)];
      case 3:
        ended(unknown);
        return [event(inDoubt.draft('acme', { call, outcome: unknown, heldUntil: 0 }), at)];
      default:
        // It counts as what it became, when it ended.
        ended(ran);
        return [
          event(inDoubt.draft('acme', { call, outcome: unknown, heldUntil: 0 }), at),
          event(resolved.draft('acme', { call, outcome: ran }), Math.min(LAST, at + 5 * HOUR_MS) + 1),
        ];
    }
  }

  function header(n: number, at: number): CallHeader {
    return {
      callId: `call_${n}`,
      runId: `run_${n}`,
      agent: n % 7 === 0 ? 'other' : 'billing',
      tool: `tool_${n % 3}`,
      argsHash: 'hash',
      keyId: 'key',
      gateway: 'gw',
      waitUntil: at,
      requestedAt: at - 50,
      deadline: at,
      requestedId: nextEventId(0, at - 50, 'policy', 0) + n * 128,
    };
  }
});
