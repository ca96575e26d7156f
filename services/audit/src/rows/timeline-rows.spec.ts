import {
  attemptEnded,
  blocked,
  blockedOutcome,
  deduplicated,
  dispatchStarted,
  executed,
  leaseSettled,
  policyPassed,
  reconcileAnswered,
  reconcileQueued,
  refusedOutcome,
  failed,
} from '@tollgate/events';
import { eventAt, executedOutcome, header, NOON, passed, recordedAt } from '../spec/events.js';
import { timelineRows } from './timeline-rows.js';

const call = header('call_1', { runId: 'run_1' });
const typesOf = (rows: readonly { type: string; status: string | null }[]) =>
  rows.map(({ type, status }) => `${type} ${String(status)}`);

describe('the timeline of a call', () => {
  it('given policy passed it: begins with the id and the time of its request', () => {
    const rows = timelineRows(recordedAt('policy', eventAt('policy', 5, policyPassed.draft('acme', passed(call)))));
    expect(typesOf(rows)).toEqual(['run_started started', 'policy_decided passed']);
    expect(rows[0]).toMatchObject({ id: call.requestedId, ts: new Date(NOON).toISOString(), run_id: 'run_1' });
  });

  it('given policy blocked it: begins, says the decision, and ends', () => {
    const event = eventAt(
      'policy',
      5,
      blocked.draft('acme', { call, outcome: blockedOutcome('tool_explicitly_blocked') }),
    );
    const rows = timelineRows(recordedAt('policy', event));
    expect(typesOf(rows)).toEqual(['run_started started', 'policy_decided blocked', 'run_finished blocked']);
    expect(rows[2]?.data).toMatchObject({
      policy_reason: 'tool_explicitly_blocked',
      risk_level: 'medium',
      spend_usd: 0,
    });
  });

  it('given it was refused with a 4xx: ends failed with that word', () => {
    const event = eventAt('policy', 5, failed.draft('acme', { call, outcome: refusedOutcome('tool_not_found') }));
    const rows = timelineRows(recordedAt('policy', event));
    expect(rows.at(-1)).toMatchObject({
      type: 'run_finished',
      status: 'failed',
      data: { policy_reason: 'tool_not_found' },
    });
  });

  it('given a repeat: the lease decided and it is finished', () => {
    const outcome = { decision: 'dedup', reason: 'tool_idempotency', spend: 0, originalCallId: 'call_0' } as const;
    const rows = timelineRows(recordedAt('lease', eventAt('lease', 5, deduplicated.draft('acme', { call, outcome }))));
    expect(typesOf(rows)).toEqual(['lease_decided dedup', 'run_finished dedup']);
  });

  it('given an attempt: the signed request, its answer, the end', () => {
    const events = [
      eventAt('dispatch', 10, dispatchStarted.draft('acme', { call, attempt: 1, attemptDeadline: 0 })),
      eventAt('dispatch', 20, attemptEnded.draft('acme', { call, attempt: 1, known: 'executed', httpStatus: 200 })),
      eventAt('dispatch', 21, executed.draft('acme', { call, outcome: executedOutcome('call_1') })),
    ];
    const rows = events.flatMap((event) => timelineRows(recordedAt('dispatch', event)));
    expect(typesOf(rows)).toEqual(['tool_call started', 'tool_result executed', 'run_finished executed']);
    expect(rows[0]?.data).toEqual({ dispatch: 'signed', attempt: 1 });
    expect(rows[1]?.data).toEqual({ attempt: 1, http_status: 200 });
    expect(rows[2]?.data).toMatchObject({ decision: 'executed', spend_usd: 2.5, args_hash: 'hash', http_status: 200 });
  });

  it('given its tool was asked what became of it: what it said', () => {
    const asked = { call, attempt: 1, question: 2 };
    const events = [
      eventAt('dispatch', 10, reconcileQueued.draft('acme', { ...asked, askAt: NOON })),
      eventAt('dispatch', 20, reconcileAnswered.draft('acme', { ...asked, says: 'not_executed', httpStatus: 200 })),
    ];
    const rows = events.flatMap((event) => timelineRows(recordedAt('dispatch', event)));
    expect(typesOf(rows)).toEqual(['tool_reconciled not_executed']);
    expect(rows[0]).toMatchObject({ step: 'dispatch', data: { attempt: 1, http_status: 200 } });
  });

  it('shows nothing of what only keeps the books', () => {
    const event = eventAt(
      'lease',
      5,
      leaseSettled.draft('acme', { leaseKey: 'k', callId: 'call_1', how: { state: 'free' } }),
    );
    expect(timelineRows(recordedAt('lease', event))).toEqual([]);
  });

  it('gives every row an id of its own, in the order of what happened', () => {
    const event = eventAt('policy', 5, blocked.draft('acme', { call, outcome: blockedOutcome('agent_disabled') }));
    const ids = timelineRows(recordedAt('policy', event)).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(ids).size).toBe(3);
  });
});
