import {
  blockedOutcome,
  blocked,
  executed,
  inDoubt,
  isEnding,
  policyPassed,
  resolved,
  unknownOutcome,
} from '@tollgate/events';
import { eventAt, executedOutcome, header, NOON, passed, recordedAt } from '../spec/events.js';
import { callRow, foldCallRow, type CallRow } from './call-row.js';

const call = header('call_1');
const begun = callRow(recordedAt('policy', eventAt('policy', 5, policyPassed.draft('acme', passed(call)))));
const ended = callRow(
  recordedAt(
    'dispatch',
    eventAt('dispatch', 90, executed.draft('acme', { call, outcome: executedOutcome('call_1') })),
    7,
    2,
  ),
);
const doubtful = callRow(
  recordedAt(
    'dispatch',
    eventAt('dispatch', 50, inDoubt.draft('acme', { call, outcome: unknownOutcome('timeout', null, 9), heldUntil: 1 })),
  ),
);
const settled = callRow(
  recordedAt(
    'dispatch',
    eventAt('dispatch', 70, resolved.draft('acme', { call, outcome: executedOutcome('call_1'), by: 'key_9' })),
  ),
);
const fold = (...rows: (CallRow | undefined)[]) =>
  rows.reduce<CallRow | undefined>((row, later) => (later === undefined ? row : foldCallRow(row, later)), undefined);

describe('the row of a call', () => {
  it('given policy passed it: in progress, with what it will cost', () => {
    expect(begun).toMatchObject({
      decision: 'in_progress',
      spend_micros: 2_500_000,
      ended_id: null,
      policy_version: 3,
    });
  });

  it('given it ended: names where the result is, not the result', () => {
    expect(ended).toMatchObject({
      decision: 'executed',
      risk_level: 'low',
      ended_at: new Date(NOON + 90).toISOString(),
      result_stream: 'DISPATCH-0',
      result_seq: 7,
      result_index: 2,
      result_call_id: 'call_1',
      http_status: 200,
    });
    expect(JSON.stringify(ended)).not.toContain('raw');
  });

  it('given a cap blocked it: says limit, remaining and when to try again', () => {
    const outcome = blockedOutcome('max_actions_per_hour_exceeded', { limit: 5, remaining: 0, retryAfterSec: 60 });
    const row = callRow(recordedAt('budget', eventAt('budget', 9, blocked.draft('acme', { call, outcome }))));
    expect(row).toMatchObject({ decision: 'blocked', risk_level: 'critical', cap_limit: 5, cap_retry_after_sec: 60 });
  });

  it('given an event that only keeps the books: nothing', () => {
    const event = eventAt('budget', 9, {
      type: 'budget-released',
      tenant: 'acme',
      data: { agent: 'a', callId: 'c', what: 'all' },
    });
    expect(isEnding(event)).toBe(false);
    expect(callRow(recordedAt('budget', event))).toBeUndefined();
  });
});

describe('the row of a call after several events', () => {
  it('is the ended one, in whichever order beginning and end are read', () => {
    expect(fold(begun, ended)).toEqual(ended);
    expect(fold(ended, begun)).toEqual(ended);
  });

  it('keeps the time of the ending when it is resolved, and is in doubt no more', () => {
    expect(fold(begun, doubtful)).toMatchObject({
      in_doubt: true,
      decision: 'failed',
      policy_reason: 'outcome_unknown',
    });
    expect(fold(begun, doubtful, settled)).toMatchObject({
      in_doubt: false,
      decision: 'executed',
      ended_id: doubtful?.ended_id,
      resolved_by: 'key_9',
      resolved_at: new Date(NOON + 70).toISOString(),
    });
  });
});
