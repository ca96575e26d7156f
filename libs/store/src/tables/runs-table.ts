/** One row per run and agent, because a key may cover only some agents of a run; sum `events_count` over the rows it covers. */
export interface RunsTable {
  tenant: string;
  run_id: string;
  agent: string;
  last_id: number;
  last_ts: Date;
  last_type: string;
  last_status: string | null;
  /** `last_…` are of the last event of the system where there is one, else of the last that a client posted. */
  last_source: 'system' | 'client';
  events_count: number;
}
