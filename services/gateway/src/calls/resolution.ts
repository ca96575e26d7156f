import type { CallsTable } from '@tollgate/store';
import type { ResolveBody } from './calls.schema.js';

/** What an operator's word means for a call: it is to be said, was said already, or comes to nothing. */
export type Resolvable = 'open' | 'same' | 'not_in_doubt';

export function resolvable(
  row: Pick<CallsTable, 'in_doubt' | 'resolved_id' | 'decision'>,
  { outcome }: Pick<ResolveBody, 'outcome'>,
): Resolvable {
  if (row.in_doubt) return 'open';
  return row.resolved_id !== null && row.decision === outcome ? 'same' : 'not_in_doubt';
}
