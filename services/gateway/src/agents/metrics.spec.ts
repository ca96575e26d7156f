import { metricsFrom, type Cell } from './metrics.js';

const cell = (tool: string, decision: string, reason: string, count: number, spend_micros = 0): Cell => ({
  tool,
  decision,
  reason,
  count,
  spend_micros,
});

describe('the metrics of an agent', () => {
  it('count every decision, and each under what it was and why', () => {
    const cells = [
      cell('pay', 'executed', 'ok', 5, 2_500_000),
      cell('pay', 'dedup', 'tool_idempotency', 2),
      cell('wipe', 'blocked', 'tool_explicitly_blocked', 3),
      cell('mail', 'failed', 'tool_error', 1),
      cell('mail', 'failed', 'outcome_unknown', 1, 500_000),
      cell('pay', 'would_block', 'tool_not_in_allowed_list', 4),
    ];
    expect(metricsFrom('billing', 'day', cells)).toEqual({
      agent_id: 'billing',
      period: 'day',
      total_actions: 12,
      blocked_actions: 3,
      total_spend_usd: 3,
      top_tools: [
        { tool: 'pay', count: 7 },
        { tool: 'wipe', count: 3 },
        { tool: 'mail', count: 2 },
      ],
      executed_actions: 5,
      dedup_actions: 2,
      failed_actions: 2,
      by_reason: { ok: 5, tool_idempotency: 2, tool_explicitly_blocked: 3, tool_error: 1, outcome_unknown: 1 },
      would_block: { tool_not_in_allowed_list: 4 },
    });
  });

  it('show no cell that a resolution took back, and ten tools at most', () => {
    const tools = Array.from({ length: 12 }, (_, n) => cell(`tool-${String(n).padStart(2, '0')}`, 'executed', 'ok', 1));
    const { top_tools, by_reason } = metricsFrom('a', 'hour', [cell('gone', 'failed', 'outcome_unknown', 0), ...tools]);
    expect(top_tools.map(({ tool }) => tool)).toEqual(tools.slice(0, 10).map(({ tool }) => tool));
    expect(by_reason).toEqual({ ok: 12 });
  });

  it('of an agent that did nothing are zeros', () => {
    expect(metricsFrom('a', 'week', [])).toMatchObject({
      total_actions: 0,
      total_spend_usd: 0,
      top_tools: [],
      by_reason: {},
    });
  });
});
