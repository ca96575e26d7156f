import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger, ServiceContext } from '@tollgate/runtime';
import { openDatabase, type AuditDatabase } from '@tollgate/store';
import { AUDIT_CONTEXT } from '../audit.tokens.js';
import type { KeptDays } from './kept.js';
import { pruneRecord } from './prune-record.js';

const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;
/** A day of millions of calls is counted and dropped in one go. */
const QUERY_LIMIT_MS = 900_000;

/** Keeps the record in Postgres as long as the settings say. */
@Injectable()
export class RecordPruning implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger: Logger;
  private readonly kept: KeptDays;
  /** Its own: projections do not wait for it. */
  private readonly db: AuditDatabase;
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(AUDIT_CONTEXT) { settings, logger }: ServiceContext) {
    this.logger = logger;
    this.kept = { logs: settings.logRetentionDays, rollups: settings.rollupRetentionDays };
    this.db = openDatabase(settings.databaseUrl, {
      name: 'tollgate-audit-pruning',
      connections: 1,
      timeoutMs: QUERY_LIMIT_MS,
    });
  }

  onApplicationBootstrap(): void {
    this.next(FIRST_MS);
  }

  /** What is under way ends with the connection, and nothing of it has happened. */
  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    void this.db.destroy().catch(() => undefined);
  }

  private next(afterMs: number): void {
    this.timer = setTimeout(() => {
      void this.prune().finally(() => {
        if (this.timer !== undefined) this.next(EVERY_MS);
      });
    }, afterMs);
    this.timer.unref();
  }

  private async prune(): Promise<void> {
    try {
      const pruned = await pruneRecord(this.db, Date.now(), this.kept);
      if (pruned === undefined || (pruned.partitions.length === 0 && pruned.rollups === 0)) return;
      this.logger.info('record pruned', { partitions: pruned.partitions, rollups: pruned.rollups });
    } catch (error) {
      if (this.timer === undefined) return;
      this.logger.warn('record not pruned, will be tried again', {}, error);
    }
  }
}
