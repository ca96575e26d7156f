/** Every event of every journal, once. Partitioned by `id`, which is a time (microseconds since 2025). */
export interface EventsTable {
  id: number;
  journal: string;
  partition: number;
  /** Place in the journal: sequence of the message, index of the event in its batch. */
  seq: number;
  idx: number;
  type: string;
  at: Date;
  tenant: string;
  call_id: string | null;
  run_id: string | null;
  agent: string | null;
  tool: string | null;
  /** What may be read by anybody: never arguments, results, envelopes or secrets. */
  data: unknown;
  trace_id: string | null;
}
