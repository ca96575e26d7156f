import { blockedOutcome, failedOutcome, refusedOutcome, unknownOutcome, type Outcome } from '@tollgate/events';
import { answerOf, inProgressAnswer } from './call-answer.js';
import { refusalOf } from './call-refusal.js';

const call = { callId: 'call_1', runId: 'run_1', argsHash: 'h' };
const ids = { call_id: 'call_1', run_id: 'run_1', args_hash: 'h' };
const executed: Outcome = { decision: 'executed', reason: 'ok', spend: 1_500_000 };

describe('the answer of a call', () => {
  it('that ran', () => {
    expect(answerOf(call, executed, { a: 1 })).toEqual({
      ok: true,
      allowed: true,
      decision: 'executed',
      policy_reason: 'ok',
      risk_level: 'low',
      result: { a: 1 },
      ...ids,
      spend_usd: 1.5,
    });
  });

  it.each([
    [null, { value: null }],
    [[1], { value: [1] }],
    ['x', { value: 'x' }],
    [{}, {}],
  ])('wraps a result of %j', (result, shown) => {
    expect(answerOf(call, executed, result).result).toEqual(shown);
  });

  it('has no result once that is past its retention', () => {
    expect(answerOf(call, executed, undefined)).not.toHaveProperty('result');
  });

  it('that is a repeat names the call it repeats', () => {
    const dedup: Outcome = { decision: 'dedup', reason: 'tool_idempotency', spend: 0, originalCallId: 'call_0' };
    expect(answerOf(call, dedup, { a: 1 })).toMatchObject({
      ok: true,
      allowed: true,
      original_call_id: 'call_0',
      spend_usd: 0,
      result: { a: 1 },
    });
  });

  it.each([
    ['tool_not_in_allowed_list', 'medium'],
    ['tool_explicitly_blocked', 'medium'],
    ['agent_disabled', 'critical'],
  ] as const)('blocked by %s is of risk %s and has no result', (reason, risk) => {
    const answer = answerOf(call, blockedOutcome(reason), undefined);
    expect(answer).toEqual({
      ok: true,
      allowed: false,
      decision: 'blocked',
      policy_reason: reason,
      risk_level: risk,
      ...ids,
      spend_usd: 0,
    });
  });

  it('blocked by a cap says how far it was, money in dollars', () => {
    const hourly = blockedOutcome('max_actions_per_hour_exceeded', { limit: 10, remaining: 0, retryAfterSec: 90 });
    expect(answerOf(call, hourly, undefined)).toMatchObject({
      risk_level: 'critical',
      limit: 10,
      remaining: 0,
      retry_after_sec: 90,
    });
    const daily = blockedOutcome('max_spend_usd_per_day_exceeded', {
      limit: 480_000_000,
      remaining: 500_000,
      retryAfterSec: null,
    });
    expect(answerOf(call, daily, undefined)).toMatchObject({ limit: 480, remaining: 0.5, retry_after_sec: null });
  });

  it('that failed says with what', () => {
    expect(answerOf(call, failedOutcome('tool_error', 404), undefined)).toMatchObject({
      ok: false,
      allowed: true,
      decision: 'failed',
      policy_reason: 'tool_error',
      risk_level: 'medium',
      result: { error: 'tool_error', status: 404 },
    });
  });

  it('whose outcome is unknown says so', () => {
    expect(answerOf(call, unknownOutcome('timeout', null, 2), undefined)).toMatchObject({
      ok: false,
      allowed: true,
      decision: 'failed',
      policy_reason: 'outcome_unknown',
      risk_level: 'high',
      result: { error: 'timeout', status: null },
    });
  });

  it('that still runs', () => {
    expect(inProgressAnswer(call)).toMatchObject({
      ok: true,
      allowed: true,
      decision: 'in_progress',
      policy_reason: 'in_progress',
      risk_level: 'low',
    });
  });
});

describe('an end that is an error', () => {
  it.each([
    ['tool_not_found', 404],
    ['tool_disabled', 409],
    ['idempotency_key_reused', 409],
  ] as const)('%s is %i', (reason, status) => {
    expect(refusalOf(call, refusedOutcome(reason), null)).toMatchObject({ status, detail: { error: reason } });
  });

  it('a key revoked meanwhile is an invalid key', () => {
    expect(refusalOf(call, refusedOutcome('invalid_api_key'), null)).toMatchObject({
      status: 403,
      detail: 'Invalid API key',
    });
  });

  it('no other', () => {
    expect([refusalOf(call, executed, null), refusalOf(call, failedOutcome('timeout'), null)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
