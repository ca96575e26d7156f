import type { EndingEvent } from '@tollgate/events';
import { WOULD_BLOCK, type RollupsHourlyTable } from '@tollgate/store';
import { isoTime, type Row } from './row.js';

export type RollupRow = Row<RollupsHourlyTable>;

/** How an in-doubt call was counted, which its resolution takes back. */
export interface CountedEnding {
  readonly decision: string;
  readonly reason: string;
  readonly spendMicros: number;
  /** ms since the epoch. */
  readonly endedAt: number;
}

const HOUR_MS = 3_600_000;

/** How the call of a `resolved` was counted, or that it is counted as resolved already; undefined where it was not counted. */
export type CountedBefore = (tenant: string, callId: string) => CountedEnding | 'as resolved' | undefined;

/** What these endings change in the counts. */
export function rollupRows(endings: readonly EndingEvent[], countedBefore: CountedBefore): readonly RollupRow[] {
  const cells = new Map<string, RollupRow>();
  const inDoubtHere = new Map<string, CountedEnding>();
  for (const ending of endings) {
    const call = JSON.stringify([ending.tenant, ending.data.call.callId]);
    if (ending.type === 'in-doubt') inDoubtHere.set(call, counted(ending));
    const before =
      ending.type === 'resolved'
        ? (inDoubtHere.get(call) ?? countedBefore(ending.tenant, ending.data.call.callId))
        : undefined;
    // A record that is made anew from the middle meets the resolution of a call that ended before.
    if (before === 'as resolved') continue;
    if (before !== undefined) add(cells, cell(ending, before, -1));
    add(cells, cell(ending, { ...counted(ending), endedAt: before?.endedAt ?? ending.at }, 1));
    if (before === undefined) for (const observed of wouldBlock(ending)) add(cells, cell(ending, observed, 1));
  }
  return [...cells.values()].filter(({ count, spend_micros }) => count !== 0 || spend_micros !== 0);
}

const counted = ({ at, data: { outcome } }: EndingEvent): CountedEnding => ({
  decision: outcome.decision,
  reason: outcome.reason,
  spendMicros: outcome.spend,
  endedAt: at,
});

/** A call is noted once, whatever becomes of it later. */
const wouldBlock = ({ at, data: { call } }: EndingEvent): readonly CountedEnding[] =>
  call.wouldBlock === undefined
    ? []
    : [{ decision: WOULD_BLOCK, reason: call.wouldBlock, spendMicros: 0, endedAt: at }];

const cell = ({ tenant, data: { call } }: EndingEvent, ending: CountedEnding, times: 1 | -1): RollupRow => ({
  tenant,
  agent: call.agent,
  tool: call.tool,
  hour: isoTime(Math.floor(ending.endedAt / HOUR_MS) * HOUR_MS),
  decision: ending.decision,
  reason: ending.reason,
  count: times,
  spend_micros: times * ending.spendMicros,
});

function add(cells: Map<string, RollupRow>, row: RollupRow): void {
  const key = JSON.stringify([row.tenant, row.agent, row.tool, row.hour, row.decision, row.reason]);
  const known = cells.get(key);
  const [count, spend] = [known?.count ?? 0, known?.spend_micros ?? 0];
  cells.set(key, { ...row, count: count + row.count, spend_micros: spend + row.spend_micros });
}
