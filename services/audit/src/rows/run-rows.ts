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
  return foldRunRow(run, {
    tenant: row.tenant,
    run_id: row.run_id,
    agent: row.agent_id ?? '',
    last_id: row.id,
    last_ts: row.ts,
    last_type: row.type,
    last_status: row.status,
    last_source: row.source,
    events_count: 1,
  });
}

/** The row of a run and what is added to it: the system's events say how it stands, a client's only where there are none. */
export function foldRunRow(run: RunRow | undefined, added: RunRow): RunRow {
  if (run === undefined) return added;
  const events_count = run.events_count + added.events_count;
  const isLater = run.last_source === added.last_source ? added.last_id > run.last_id : added.last_source === 'system';
  return { ...(isLater ? added : run), events_count };
}
