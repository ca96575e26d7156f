import type { AuditDatabase, CallsTable } from '@tollgate/store';
import type { Ends } from './lag.js';

/** The record as far as a gateway goes by it; what people list and browse are queries of their endpoints. */
export interface CallRecord {
  callById(tenant: string, callId: string): Promise<CallsTable | undefined>;
  /** Last sequence that is projected of each source; those of which nothing is are missing. */
  positions(sources: readonly string[]): Promise<Ends>;
}

export const recordIn = (database: AuditDatabase): CallRecord => ({
  callById: (tenant, callId) =>
    database
      .selectFrom('calls')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('call_id', '=', callId)
      .executeTakeFirst(),
  positions: async (sources) => {
    const rows = await database
      .selectFrom('projection_positions')
      .select(['source', 'seq'])
      .where('source', 'in', [...sources])
      .execute();
    return new Map(rows.map(({ source, seq }) => [source, seq]));
  },
});
