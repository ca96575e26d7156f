import type { CallsTable } from '@tollgate/store';
import { listedCall, logRow, resultOf, rowAnswer } from './call-row.js';

const row: CallsTable = {
  tenant: 't',
  call_id: 'c',
  run_id: 'r',
  agent: 'a',
  tool: 'mail',
  key_id: 'k',
  args_hash: 'h',
  decision: 'executed',
  policy_reason: 'ok',
  risk_level: 'low',
  spend_micros: 2_500_000,
  policy_version: 3,
  would_block: null,
  requested_id: 1,
  requested_at: new Date(1_000),
  ended_id: 2,
  ended_at: new Date(2_900),
  in_doubt: false,
  resolved_id: null,
  resolved_at: null,
  resolved_by: null,
  result_stream: 'DISPATCH-0',
  result_seq: 4,
  result_index: 1,
  result_call_id: 'c',
  error_code: null,
  error_status: null,
  cap_limit: null,
  cap_remaining: null,
  cap_retry_after_sec: null,
  original_call_id: null,
  attempt: 1,
  http_status: 200,
};

it('a row answers as the call did', () => {
  expect(rowAnswer(row, { sent: true })).toEqual({
    ok: true,
    allowed: true,
    decision: 'executed',
    policy_reason: 'ok',
    risk_level: 'low',
    result: { sent: true },
    call_id: 'c',
    run_id: 'r',
    args_hash: 'h',
    spend_usd: 2.5,
  });
});

it('a row that failed says with what', () => {
  const failed: CallsTable = {
    ...row,
    decision: 'failed',
    policy_reason: 'outcome_unknown',
    error_code: 'timeout',
    in_doubt: true,
  };
  expect(rowAnswer(failed, undefined)).toMatchObject({
    ok: false,
    risk_level: 'high',
    result: { error: 'timeout', status: null },
  });
  expect(listedCall(failed)).toMatchObject({
    agent_id: 'a',
    tool: 'mail',
    in_doubt: true,
    requested_at: '1970-01-01T00:00:01.000Z',
  });
});

it('a row without an end is in progress', () => {
  const open: CallsTable = {
    ...row,
    decision: 'in_progress',
    policy_reason: 'in_progress',
    ended_id: null,
    ended_at: null,
  };
  expect(rowAnswer(open, undefined)).toMatchObject({ ok: true, decision: 'in_progress', spend_usd: 0 });
});

it('the result lies where the row says', () => {
  expect(resultOf(row)).toEqual({ callId: 'c', place: { stream: 'DISPATCH-0', seq: 4, index: 1 } });
  expect(resultOf({ ...row, result_seq: null })).toBeUndefined();
});

it('a log row has whole seconds', () => {
  expect(logRow(row)).toEqual({
    ts: 2,
    agent_id: 'a',
    tool: 'mail',
    allowed: true,
    decision: 'executed',
    policy_reason: 'ok',
    risk_level: 'low',
    args_hash: 'h',
    spend_usd: 2.5,
    call_id: 'c',
    run_id: 'r',
    policy_version: 3,
  });
  expect(logRow({ ...row, decision: 'blocked', policy_reason: 'agent_disabled' })).toMatchObject({ allowed: false });
});

it('a call that a policy would have blocked says so, as an answer and as a log row', () => {
  const observed = { ...row, would_block: 'max_calls_per_tool_exceeded' as const };
  const would_block = { policy_reason: 'max_calls_per_tool_exceeded', risk_level: 'high' };
  expect([rowAnswer(observed, undefined), logRow(observed)]).toMatchObject([{ would_block }, { would_block }]);
  expect(rowAnswer(row, undefined)).not.toHaveProperty('would_block');
});
