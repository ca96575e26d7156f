import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Bus, systemClock } from '@tollgate/journal';
import type { ServiceContext } from '@tollgate/runtime';
import { AUDIT_CONTEXT } from '../audit.tokens.js';
import { Projections } from '../projections.js';
import { shownAtMostDays } from '../pruning/kept.js';
import { Retention } from './retention.js';

const DAY_MS = 24 * 3_600_000;

/** Purges the journals of this installation as its settings say. */
@Injectable()
export class JournalRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly retention: Retention;

  constructor(
    @Inject(AUDIT_CONTEXT) { settings, logger }: ServiceContext,
    @Inject(Bus) bus: Bus,
    @Inject(Projections) { lanes }: Projections,
  ) {
    const { partitions, journalRetentionDays, logRetentionDays } = settings;
    const keptMs = journalRetentionDays * DAY_MS;
    const notesKeptMs = shownAtMostDays(logRetentionDays) * DAY_MS;
    this.retention = new Retention({ bus, clock: systemClock, logger, partitions, keptMs, notesKeptMs, lanes });
  }

  onApplicationBootstrap(): void {
    this.retention.start();
  }

  onModuleDestroy(): void {
    this.retention.stop();
  }
}
