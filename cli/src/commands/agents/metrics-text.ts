import { usd } from '../../text/money.js';
import { plain } from '../../text/plain.js';
import { columns } from '../../text/table.js';

export interface AgentMetrics {
  readonly agent_id: string;
  readonly period: string;
  readonly total_actions: number;
  readonly executed_actions: number;
  readonly dedup_actions: number;
  readonly blocked_actions: number;
  readonly failed_actions: number;
  readonly total_spend_usd: number;
  readonly top_tools: readonly { readonly tool: string; readonly count: number }[];
  readonly by_reason: Readonly<Record<string, number>>;
  readonly would_block?: Readonly<Record<string, number>>;
}

export function metricsText(metrics: AgentMetrics): string {
  const { executed_actions, dedup_actions, blocked_actions, failed_actions } = metrics;
  return [
    `${plain(metrics.agent_id)}, last ${plain(metrics.period)}: ${metrics.total_actions} decisions, ${usd(metrics.total_spend_usd)}\n`,
    columns(
      Object.entries({ executed_actions, dedup_actions, blocked_actions, failed_actions }).map(([name, count]) => [
        name.replace('_actions', ''),
        String(count),
      ]),
      '  ',
    ),
    ...listed('by reason', mostFirst(metrics.by_reason)),
    ...listed('would be blocked', mostFirst(metrics.would_block ?? {})),
    ...listed(
      'by tool',
      metrics.top_tools.map(({ tool, count }) => [tool, count]),
    ),
  ].join('');
}

const mostFirst = (counts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(counts).sort(([, one], [, other]) => other - one);

const listed = (title: string, counts: readonly (readonly [string, number])[]): readonly string[] =>
  counts.length === 0
    ? []
    : [
        `${title}\n${columns(
          counts.map(([name, count]) => [plain(name), String(count)]),
          '  ',
        )}`,
      ];
