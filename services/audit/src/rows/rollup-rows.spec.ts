import { executed, inDoubt, resolved, unknownOutcome, type EndingEvent } from '@tollgate/events';
import { eventAt, executedOutcome, header, NOON } from '../spec/events.js';
import { rollupRows } from './rollup-rows.js';

const HOUR = 3_600_000;
const ending = (afterMs: number, callId: string, kind: 'executed' | 'in-doubt' | 'resolved'): EndingEvent => {
  const call = header(callId);
  const draft = {
    executed: () => executed.draft('acme', { call, outcome: executedOutcome(callId) }),
    'in-doubt': () => inDoubt.draft('acme', { call, outcome: unknownOutcome('timeout', null, 700), heldUntil: 1 }),
    resolved: () => resolved.draft('acme', { call, outcome: executedOutcome(callId) }),
  }[kind]();
  return eventAt('dispatch', afterMs, draft) as EndingEvent;
};
const summary = (rows: ReturnType<typeof rollupRows>) =>
  rows.map(({ hour, decision, reason, count, spend_micros }) => [hour, decision, reason, count, spend_micros]);

describe('hourly rollups', () => {
  it('count endings of one hour, agent, tool, decision and reason together', () => {
    const rows = rollupRows(
      [ending(1, 'a', 'executed'), ending(2, 'b', 'executed'), ending(HOUR, 'c', 'executed')],
      () => undefined,
    );
    expect(summary(rows)).toEqual([
      [new Date(NOON).toISOString(), 'executed', 'ok', 2, 5_000_000],
      [new Date(NOON + HOUR).toISOString(), 'executed', 'ok', 1, 2_500_000],
    ]);
  });

  it('given a resolution: move the call, in the hour it ended', () => {
    const before = { decision: 'failed', reason: 'outcome_unknown', spendMicros: 700, endedAt: NOON + 5 };
    const rows = rollupRows([ending(3 * HOUR, 'a', 'resolved')], () => before);
    expect(summary(rows)).toEqual([
      [new Date(NOON).toISOString(), 'failed', 'outcome_unknown', -1, -700],
      [new Date(NOON).toISOString(), 'executed', 'ok', 1, 2_500_000],
    ]);
  });

  it('given doubt and resolution together: count the end only', () => {
    const rows = rollupRows([ending(1, 'a', 'in-doubt'), ending(2, 'a', 'resolved')], () => undefined);
    expect(summary(rows)).toEqual([[new Date(NOON).toISOString(), 'executed', 'ok', 1, 2_500_000]]);
  });

  it('count what a policy that observes would have blocked once, beside what it became', () => {
    const call = header('a', { wouldBlock: 'tool_explicitly_blocked' });
    const doubt = inDoubt.draft('acme', { call, outcome: unknownOutcome('timeout', null, 700), heldUntil: 1 });
    const known = resolved.draft('acme', { call, outcome: executedOutcome('a') });
    const [first, later] = [eventAt('dispatch', 1, doubt), eventAt('dispatch', 2, known)] as EndingEvent[];
    const noted = [new Date(NOON).toISOString(), 'would_block', 'tool_explicitly_blocked', 1, 0];
    expect(summary(rollupRows([first!], () => undefined))).toContainEqual(noted);
    const before = { decision: 'failed', reason: 'outcome_unknown', spendMicros: 700, endedAt: NOON + 1 };
    expect(summary(rollupRows([later!], () => before))).toHaveLength(2);
    expect(summary(rollupRows([first!, later!], () => undefined))).toEqual([
      noted,
      [new Date(NOON).toISOString(), 'executed', 'ok', 1, 2_500_000],
    ]);
  });
});
