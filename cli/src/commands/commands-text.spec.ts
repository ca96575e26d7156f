import { PLAIN } from '../terminal/style.js';
import { daysText } from './account/metrics.js';
import { usageText } from './account/usage.js';
import { logsText } from './agents/logs-text.js';
import { metricsText } from './agents/metrics-text.js';
import { createdKeyText, keysText } from './keys/keys-text.js';
import { leaseText } from './leases/lease-text.js';
import { lockText } from './locks/lock.js';
import { policyText } from './policy/policy-text.js';
import { runsText } from './runs/list.js';

const AT = '2026-11-21T12:00:00.000Z';
const key = {
  id: 'key_1',
  key_preview: 'tg_live_…x',
  name: null,
  role: 'agent',
  created_at: AT,
  expires_at: null,
} as const;

describe('what commands print', () => {
  it('of a new key: the key, this once, or where it is', () => {
    const created = { ...key, agents: ['billing'], key: 'tg_live_secret' };
    expect(createdKeyText(created)).toContain('tg_live_secret\nKeep it');
    expect(createdKeyText(created, 'billing.key')).not.toContain('tg_live_secret');
    expect(createdKeyText(created, 'billing.key')).toContain('billing.key');
  });

  it('of keys: whom they speak for', () => {
    const text = keysText([
      { ...key, agents: ['a', 'b'] },
      { ...key, role: 'admin', agents: [], name: 'first' },
    ]);
    expect(text.split('\n').map((line) => line.split(/ {2,}/)[2])).toEqual([
      'speaks for',
      'a, b',
      'everything',
      undefined,
    ]);
  });

  it('of a policy: YAML that can be set again', () => {
    const policy = { agent_id: 'billing', allowed_tools: ['charge', 'yes'], max_spend_usd_per_day: 2.5 };
    expect(policyText({ agent_id: 'billing', policy, version: 3, updated_at: AT })).toBe(
      '# billing, version 3, of 2026-11-21 12:00:00Z\nallowed_tools:\n  - charge\n  - yes\nmax_spend_usd_per_day: 2.5\n',
    );
    const empty = policyText({ agent_id: 'a', policy: { agent_id: 'a' }, version: 1, updated_at: AT });
    expect(empty).toContain('\n{} # no limit');
  });

  it('of runs: how many more there are', () => {
    const item = {
      run_id: 'r',
      last_ts: 1795262400,
      last_type: 'run_finished',
      last_status: 'executed',
      events_count: 8,
    };
    expect(runsText({ total: 1, items: [item] })).toContain('r    2026-11-21 12:00:00Z  run_finished executed  8\n');
    expect(runsText({ total: 70, items: [item] })).toContain('1 of 70: --limit and --offset');
    expect(runsText({ total: 0, items: [] })).toBe('no runs\n');
  });

  it('of an agent: its log and its numbers', () => {
    const row = {
      ts: 1795262400,
      tool: 'charge',
      decision: 'blocked',
      policy_reason: 'agent_disabled',
      spend_usd: 0,
      call_id: 'c',
    };
    expect(logsText([row], PLAIN)).toContain('2026-11-21 12:00:00Z  charge  blocked   agent_disabled  $0.00  c\n');
    const observed = { ...row, decision: 'executed', would_block: { policy_reason: 'tool_not_in_allowed_list' } };
    expect(logsText([observed], PLAIN)).toContain('executed  would be blocked: tool_not_in_allowed_list');
    const metrics = metricsText({
      agent_id: 'billing',
      period: 'week',
      total_actions: 3,
      executed_actions: 2,
      dedup_actions: 0,
      blocked_actions: 1,
      failed_actions: 0,
      total_spend_usd: 2.5,
      top_tools: [{ tool: 'charge', count: 3 }],
      by_reason: { agent_disabled: 1, ok: 2 },
      would_block: { tool_not_in_allowed_list: 2 },
    });
    expect(metrics).toContain('billing, last week: 3 decisions, $2.50\n  executed  2\n');
    expect(metrics).toContain(
      'by reason\n  ok              2\n  agent_disabled  1\nwould be blocked\n  tool_not_in_allowed_list  2\nby tool\n  charge  3\n',
    );
  });

  it('of locks and leases: whose they are', () => {
    expect(lockText({ success: true, key: 'k', ttl: 60, first_seen_at: null })).toBe('locked: k, for 60 s\n');
    expect(lockText({ success: false, key: 'k', ttl: 60, first_seen_at: AT })).toContain(
      'duplicate: k, first seen 2026',
    );
    const lease = { ok: true, status: 'polling', key: 'k', lease_id: null, retry_after_sec: 5 };
    expect(leaseText(lease)).toBe('polling: k\n  retry_after_sec  5\n');
  });

  it('of usage: a limit of 0 is none', () => {
    const used = { usage: 5, limit: 0, requests_total_month: 7, blocked_total_month: 1 };
    const text = usageText({ plan: 'pro', month: '2026-11' }, { make: used, ai: { ...used, limit: 9 } });
    expect(text).toBe(
      'plan pro, 2026-11\nkind  used  of         requests  refused\nmake  5     unlimited  7         1\nai    5     9          7         1\n',
    );
  });

  it('of days: what was counted on each', () => {
    const counts = { checks_total: 1, locks_created: 2, duplicates_blocked: 3, rate_limited: 4 };
    const day = { day: '2026-11-21', ...counts, ai_acquired: 5, ai_completed: 6, ai_failed: 7 };
    expect(daysText([day]).split('\n')[1]?.split(/ +/)).toEqual(['2026-11-21', '1', '2', '3', '4', '5', '6', '7']);
  });
});
