import { EXIT } from '../../exit-code.js';
import { PLAIN } from '../../terminal/style.js';
import { exitOfCall } from './call-exit.js';
import { callText, type Call } from './call-text.js';

const call = (change: Partial<Call>): Call => ({
  decision: 'executed',
  policy_reason: 'ok',
  risk_level: 'low',
  call_id: 'call_1',
  run_id: 'call_1',
  args_hash: 'hash',
  spend_usd: 12,
  ...change,
});

describe('a call (contract 3.1)', () => {
  it('that ran shows what came of it', () => {
    expect(callText(call({ result: { charge_id: 'ch_1' }, run_id: 'trip-1' }), PLAIN)).toBe(
      [
        'executed: ok',
        '  call    call_1',
        '  run     trip-1',
        '  risk    low',
        '  cost    $12.00',
        '  result  {"charge_id":"ch_1"}',
        '',
      ].join('\n'),
    );
  });

  it('that a cap blocked shows how far it was, money as money', () => {
    const cap = { decision: 'blocked', limit: 20, remaining: 0.5, spend_usd: 0 } as const;
    const spend = callText(
      call({ ...cap, policy_reason: 'max_spend_usd_per_day_exceeded', retry_after_sec: 60 }),
      PLAIN,
    );
    expect(spend).toContain('  limit      $20.00\n  remaining  $0.50\n  again      in 60 s\n');
    const count = callText(
      call({ ...cap, policy_reason: 'max_actions_per_hour_exceeded', retry_after_sec: null }),
      PLAIN,
    );
    expect(count).toContain('  limit      20\n');
    expect(count).not.toContain('again');
  });

  it('that is only observed shows why it would be blocked', () => {
    const would_block = { policy_reason: 'max_spend_usd_per_day_exceeded', risk_level: 'critical' };
    const text = callText(call({ would_block }), PLAIN);
    expect(text).toContain('  observed  would be blocked: max_spend_usd_per_day_exceeded\n');
  });

  it.each([
    ['executed', 'ok', EXIT.done],
    ['dedup', 'tool_idempotency', EXIT.done],
    ['dry_run', 'ok', EXIT.done],
    ['blocked', 'agent_disabled', EXIT.blocked],
    ['failed', 'tool_error', EXIT.failed],
    ['failed', 'outcome_unknown', EXIT.inDoubt],
    ['in_progress', 'in_progress', EXIT.unavailable],
  ] as const)('that is %s, %s ends the command with %d', (decision, policy_reason, code) => {
    expect(exitOfCall({ decision, policy_reason })).toBe(code);
    expect(callText(call({ decision, policy_reason }), PLAIN)).toContain(`${decision}: ${policy_reason}`);
  });
});
