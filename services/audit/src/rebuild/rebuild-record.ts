import type { MessageBus } from '@tollgate/journal';
import type { AuditDatabase } from '@tollgate/store';
import { sql } from 'kysely';
import type { Source } from '../reading/source.js';
import { beginningOf } from './beginning.js';
import { olderIn } from './older-in.js';
import { takeBack, takeBackConfig } from './take-back.js';

export type Rebuilt =
  /** Projections have begun to write again what happened since then, ms since the epoch; -Infinity: everything. */
  | { readonly since: number }
  /** The journals hold no whole day yet. */
  | 'nothing whole'
  /** Another process prunes or rebuilds the record. */
  | 'busy';

/**
 * Has the record made anew from the journals, as far back as they hold whole days; what is older stays. Projections notice
 * that their positions have moved, and read on from there.
 *
 * @param db A single connection, which may take its time.
 */
export async function rebuildRecord(
  bus: Pick<MessageBus, 'rangeOf' | 'message'>,
  db: AuditDatabase,
  sources: readonly Source[],
  nowMs: number,
): Promise<Rebuilt> {
  return db.connection().execute(async (one) => {
    const lock = await sql<{ locked: boolean }>`
      select pg_try_advisory_lock(hashtext('tollgate.pruning')) as locked`.execute(one);
    if (lock.rows[0]?.locked !== true) return 'busy';
    try {
      const journals = sources.filter((source) => source.kind === 'journal');
      const beginning = await beginningOf(bus, journals, olderIn(one), nowMs);
      if (beginning === undefined) return 'nothing whole';
      const config = sources.filter(({ kind }) => kind === 'config').map(({ name }) => name);
      await one.transaction().execute(async (trx) => {
        // Whoever writes ends first or waits here, and then finds the positions moved; whoever reads goes on.
        await sql`lock table projection_positions in exclusive mode`.execute(trx);
        await takeBack(trx, beginning);
        await takeBackConfig(trx, config);
      });
      return { since: beginning.since };
    } finally {
      await sql`select pg_advisory_unlock(hashtext('tollgate.pruning'))`.execute(one);
    }
  });
}
