import type { RunsTable } from '@tollgate/store';
import type { Row } from './row.js';
import type { TimelineRow } from './timeline-rows.js';

export type RunRow = Row<RunsTable>;

/** What these timeline rows add to each run: how many they are, and the last of them. */
export function runRows(timeline: readonly TimelineRow[]): readonly RunRow[] {
  const runs = new Map<string, RunRow>();
  for (const row of timeline) {
    const key = JSON.stringify([row.tenant, row.run_id, row.agent_id]);
    runs.set(key, withRow(runs.get(key), row));
  }
  return [...runs.values()];
}

function withRow(run: RunRow | undefined, row: TimelineRow): RunRow {
  const events_count = (run?.events_count ?? 0) + 1;
  if (run !== undefined && run.last_id > row.id) return { ...run, events_count };
  return {
    tenant: row.tenant,
    run_id: row.run_id,
    agent: row.agent_id ?? '',
    last_id: row.id,
    last_ts: row.ts,
    last_type: row.type,
    last_status: row.status,
    events_count,
  };
}
