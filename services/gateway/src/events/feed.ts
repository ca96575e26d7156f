import type { AuditDatabase, FeedTable } from '@tollgate/store';

/** The newest first. */
export const newestOf = (
  database: AuditDatabase,
  tenant: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<FeedTable[]> =>
  database
    .selectFrom('feed')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();

export interface Stretch {
  readonly after: number;
  /** The last id that is wanted. */
  readonly upTo: number;
  readonly limit: number;
  readonly offset: number;
}

/** Of a stretch of ids, the oldest first. */
export const stretchOf = (
  database: AuditDatabase,
  tenant: string,
  { after, upTo, limit, offset }: Stretch,
): Promise<FeedTable[]> =>
  database
    .selectFrom('feed')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute();

/** As answered: `ts` in whole seconds. */
export const listedEvent = ({ tenant: _, ts, first_seen_at, done_at, ...event }: FeedTable) => ({
  ...event,
  ts: Math.floor(ts.getTime() / 1000),
  first_seen_at: first_seen_at?.toISOString() ?? null,
  done_at: done_at?.toISOString() ?? null,
});
