import type { CallRow } from '@tollgate/audit';
import type { CallRecord } from '@tollgate/gateway';

type Recorded = Awaited<ReturnType<CallRecord['callById']>>;

const timeOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** A row as Postgres hands it out: what was sent as text comes back as a time. */
export const recordedCall = (row: CallRow | undefined): Recorded =>
  row && {
    ...row,
    requested_at: new Date(row.requested_at),
    ended_at: timeOf(row.ended_at),
    resolved_at: timeOf(row.resolved_at),
  };
