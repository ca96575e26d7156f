import { usdFromMicros } from '@tollgate/events';
import { WOULD_BLOCK, type AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';

const HOUR_MS = 3_600_000;
export const PERIODS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
export type Period = keyof typeof PERIODS;

/** Calls that ended in one way within the period. */
export interface Cell {
  readonly tool: string;
  readonly decision: string;
  readonly reason: string;
  readonly count: number;
  readonly spend_micros: number;
}

/**
 * What an agent's calls of the last hour, day or week became: whole hours from the rollups, and of the hour in which the
 * period begins the calls themselves. `resolved` moves no call to another time, so each counts once.
 */
export async function cellsOf(
  database: AuditDatabase,
  tenant: string,
  agent: string,
  period: Period,
  nowMs: number,
): Promise<readonly Cell[]> {
  const begins = nowMs - PERIODS[period];
  const [from, wholeFrom] = [new Date(begins), new Date(Math.ceil(begins / HOUR_MS) * HOUR_MS)];
  const { rows } = await sql<Cell>`
    select tool, decision, reason, sum(count)::bigint as count, sum(spend_micros)::bigint as spend_micros
    from (
      select tool, decision, reason, count, spend_micros from rollups_hourly
      where tenant = ${tenant} and agent = ${agent} and hour >= ${wholeFrom}
      union all
      select tool, decision, policy_reason, 1, spend_micros from calls
      where tenant = ${tenant} and agent = ${agent} and ended_id is not null
        and ended_at > ${from} and ended_at < ${wholeFrom}
      union all
      select tool, ${WOULD_BLOCK}, would_block, 1, 0 from calls
      where tenant = ${tenant} and agent = ${agent} and ended_id is not null and would_block is not null
        and ended_at > ${from} and ended_at < ${wholeFrom}
    ) counted
    group by tool, decision, reason`.execute(database);
  return rows;
}

const TOP_TOOLS = 10;

/** Contract section 5. */
export function metricsFrom(agent_id: string, period: Period, all: readonly Cell[]) {
  const cells = all.filter(({ decision }) => decision !== WOULD_BLOCK);
  const of = (decision: string) => sumOf(cells.filter((cell) => cell.decision === decision));
  const byTool = Map.groupBy(cells, ({ tool }) => tool);
  return {
    agent_id,
    period,
    total_actions: sumOf(cells),
    blocked_actions: of('blocked'),
    total_spend_usd: usdFromMicros(cells.reduce((sum, { spend_micros }) => sum + spend_micros, 0)),
    top_tools: [...byTool]
      .map(([tool, ofTool]) => ({ tool, count: sumOf(ofTool) }))
      .filter(({ count }) => count > 0)
      .sort((one, other) => other.count - one.count || (one.tool < other.tool ? -1 : 1))
      .slice(0, TOP_TOOLS),
    executed_actions: of('executed'),
    dedup_actions: of('dedup'),
    failed_actions: of('failed'),
    by_reason: byReason(cells),
    would_block: byReason(all.filter(({ decision }) => decision === WOULD_BLOCK)),
  };
}

const byReason = (cells: readonly Cell[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(cells, ({ reason }) => reason)]
      .map(([reason, ofReason]) => [reason, sumOf(ofReason)] as const)
      .filter(([, count]) => count > 0),
  );

const sumOf = (cells: readonly Cell[]): number => cells.reduce((sum, { count }) => sum + count, 0);
