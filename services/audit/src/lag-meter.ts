import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Bus } from '@tollgate/journal';
import { instruments } from '@tollgate/runtime';
import type { Lane } from './lane/lane.js';
import { Projections } from './projections.js';

const EVERY_MS = 2_000;

/** Measures how many messages each projection has still to store, per source. */
@Injectable()
export class LagMeter implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Projections) private readonly projections: Projections,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.measure().catch(() => undefined), EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async measure(): Promise<void> {
    const ends = new Map<string, number>();
    for (const lane of this.projections.lanes) {
      for (const { stream } of lane.sources) {
        if (!ends.has(stream)) ends.set(stream, await this.bus.endOf(stream));
      }
    }
    for (const lane of this.projections.lanes) recordLag(lane, ends);
  }
}

function recordLag(lane: Lane, ends: ReadonlyMap<string, number>): void {
  for (const source of lane.sources) {
    const reader = `${lane.projection}/${source.kind === 'journal' ? source.journal : source.kind}`;
    const partition = source.kind === 'config' ? 0 : source.partition;
    const lag = Math.max(0, (ends.get(source.stream) ?? 0) - lane.reached(source.name));
    instruments().readerLag(lag, { service: 'audit', reader, partition });
  }
}
