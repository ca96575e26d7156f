import type { AuditDatabase, RunTimelineView } from '@tollgate/store';
import type { TimelineQuery } from './runs.schema.js';

export interface TimelinePage {
  readonly total: number;
  readonly rows: readonly RunTimelineView[];
}

/** `agents` bounds rows and total to what a key covers; undefined is all. */
export async function timelineOf(
  database: AuditDatabase,
  tenant: string,
  runId: string,
  { limit, offset }: TimelineQuery,
  agents: readonly string[] | undefined,
): Promise<TimelinePage> {
  const rows = await database
    .selectFrom('run_timeline')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('run_id', '=', runId)
    .$if(agents !== undefined, (query) => query.where('agent_id', 'in', [...(agents ?? [])]))
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute();
  // Counted already: a run may have as many events as it likes.
  const { total } = await database
    .selectFrom('runs')
    .select(({ fn }) => fn.sum<number | null>('events_count').as('total'))
    .where('tenant', '=', tenant)
    .where('run_id', '=', runId)
    .$if(agents !== undefined, (query) => query.where('agent', 'in', [...(agents ?? [])]))
    .executeTakeFirstOrThrow();
  return { total: Number(total ?? 0), rows };
}

/** A row as answered; `ts` in seconds with a fraction. */
export const timelineRow = (row: RunTimelineView) => ({
  id: row.id,
  run_id: row.run_id,
  ts: row.ts.getTime() / 1000,
  type: row.type,
  status: row.status,
  duration_ms: row.duration_ms,
  step: row.step,
  tool: row.tool,
  req_id: row.req_id,
  lease_id: row.lease_id,
  agent_id: row.agent_id,
  message: row.message,
  data: row.data,
  call_id: row.call_id,
  source: row.source,
});
