import type { AuditDatabase, CallsTable } from '@tollgate/store';
import { sql } from 'kysely';
import type { Ends } from './lag.js';

/** How far the record is. */
export interface Positioned {
  /** Last sequence that is projected of each source; those of which nothing is are missing. */
  readonly positions: Ends;
  /** Of the tables: when they were dropped and made anew, it is another, however fast they were filled again. */
  readonly made: string;
}

/** The record as far as a gateway goes by it; what people list and browse are queries of their endpoints. */
export interface CallRecord {
  callById(tenant: string, callId: string): Promise<CallsTable | undefined>;
  positions(sources: readonly string[]): Promise<Positioned>;
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
      .select(['source', 'seq', sql<string>`tableoid::text`.as('made')])
      .where('source', 'in', [...sources])
      .execute();
    return { positions: new Map(rows.map(({ source, seq }) => [source, seq])), made: rows[0]?.made ?? '' };
  },
});
