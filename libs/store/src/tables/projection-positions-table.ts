/**
 * How far the tables hold each source, written in the transaction of its rows. Sources: `POLICY-<p>`, `LEASE-<p>`,
 * `BUDGET-<p>`, `DISPATCH-<p>`, `NOTES-<p>`, `CONFIG`, and `CALLS-<p>`: how far policy had decided CALLS as of its row.
 */
export interface ProjectionPositionsTable {
  source: string;
  /** Names the message at `seq`, so that a stream made anew is not mistaken for the one that was read. */
  mark: string;
  /** Sequence of the last message whose rows are here. */
  seq: number;
  index: number;
  /** Of a journal: who wrote the message at `seq`, and the highest id up to it (rule 16). */
  epoch: string | null;
  last_id: number | null;
}
