import { pause, type Clock, type Watermark } from '@tollgate/journal';
import type { AuditDatabase, FeedTable } from '@tollgate/store';
import type { Fresh } from '../reads/fresh-reads.js';
import type { CaughtUp, Freshness } from '../reads/freshness.js';
import { fromStore } from '../reads/store-error.js';
import { stretchOf } from './feed.js';
import { recordWatermark, type Head } from './watermark.js';
import type { Watermarks } from './watermarks.js';

const LIMIT_MS = 2_000;
const AGAIN_MS = 20;

export interface FollowQuery {
  readonly after: number;
  readonly limit: number;
  readonly offset: number;
}

interface Seen {
  readonly rows: readonly FeedTable[];
  readonly watermark: number;
  /** Id of the tenant's newest event; 0 when there is none. */
  readonly newest: number;
}

/** `GET /events?after=` (contract section 8): whoever goes on behind the last event of a page misses none (rule 16). */
export class Following {
  constructor(
    private readonly database: AuditDatabase,
    private readonly freshness: Pick<Freshness, 'catchUp'>,
    private readonly watermarks: Pick<Watermarks, 'of' | 'journalsOf'>,
    private readonly clock: Clock,
  ) {}

  /** Waits until nothing can come any more before what was there when this began. */
  async page(tenant: string, query: FollowQuery): Promise<Fresh<readonly FeedTable[]>> {
    const began = this.clock.now();
    let wanted: number | undefined;
    for (;;) {
      // First the words, then the ends: see `recordWatermark`.
      const words = await this.watermarks.of(tenant);
      const caughtUp = await this.freshness.catchUp(tenant);
      const seen = await fromStore(() => this.look(tenant, query, words, caughtUp));
      wanted ??= seen.newest;
      if ('lagSec' in caughtUp) return { found: seen.rows, lagSec: caughtUp.lagSec };
      if (seen.rows.length === query.limit || seen.watermark >= wanted) return { found: seen.rows, lagSec: undefined };
      if (this.clock.now() - began >= LIMIT_MS) return { found: seen.rows, lagSec: lagOf(wanted - seen.watermark) };
      await pause(this.clock, AGAIN_MS);
    }
  }

  /** In one snapshot: a record that is made anew meanwhile holds less than its positions said before. */
  private look(
    tenant: string,
    query: FollowQuery,
    words: ReadonlyMap<string, Watermark>,
    caughtUp: CaughtUp,
  ): Promise<Seen> {
    const journals = this.watermarks.journalsOf(tenant);
    const snapshot = this.database.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
    return snapshot.execute(async (trx) => {
      const heads = await headsIn(trx, journals);
      const watermark = recordWatermark(journals, heads, words, 'ends' in caughtUp ? caughtUp.ends : undefined);
      const rows = await stretchOf(trx, tenant, { ...query, upTo: watermark });
      return { rows, watermark, newest: await newestId(trx, tenant) };
    });
  }
}

/** Of micro-seconds, which ids are; at least one second. */
const lagOf = (micros: number): number => Math.max(1, Math.ceil(micros / 1e6));

async function headsIn(database: AuditDatabase, journals: readonly string[]): Promise<ReadonlyMap<string, Head>> {
  const rows = await database
    .selectFrom('projection_positions')
    .select(['source', 'seq', 'epoch', 'last_id'])
    .where('source', 'in', [...journals])
    .execute();
  return new Map(rows.map(({ source, seq, epoch, last_id }) => [source, { seq, epoch, lastId: last_id }]));
}

async function newestId(database: AuditDatabase, tenant: string): Promise<number> {
  const row = await database
    .selectFrom('feed')
    .select('id')
    .where('tenant', '=', tenant)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? 0;
}
