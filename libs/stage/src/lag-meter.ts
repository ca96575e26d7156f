import { CONFIG_STREAM, type MessageBus, type Clock } from '@tollgate/journal';
import type { Looks } from './looks.js';
import type { StageObserver } from './observer.js';
import type { OpenSource } from './sources.js';

const EVERY_MS = 2_000;

export interface LagMeterOptions {
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly observer: StageObserver;
  readonly partition: number;
  readonly sources: readonly OpenSource[];
  readonly looks: Looks;
  /** Sequence up to which CONFIG is folded; undefined for a stage that does not read it. */
  readonly configSeq: (() => number) | undefined;
}

/**
 * Measures how far an owner is behind the ends of what it reads, also while nothing arrives or its reader is stuck. Where
 * a source is one subject of a stream, messages of the others that lie between are counted as well.
 */
export class LagMeter {
  private cancel: (() => void) | undefined;
  private stopped = false;

  constructor(private readonly options: LagMeterOptions) {}

  start(): void {
    void this.measureAgainAndAgain();
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }

  private async measureAgainAndAgain(): Promise<void> {
    // Out of reach: whoever reads says so.
    await this.measure().catch(() => undefined);
    if (!this.stopped) this.cancel = this.options.clock.after(EVERY_MS, () => void this.measureAgainAndAgain());
  }

  private async measure(): Promise<void> {
    const { bus, sources, looks, configSeq } = this.options;
    for (const { source, stream, subject } of sources) {
      const end = await (subject === undefined ? bus.endOf(stream) : bus.endOfSubject(stream, subject));
      this.record(source.name, end - looks.reached(source.name));
    }
    if (configSeq !== undefined) this.record('config', (await bus.endOf(CONFIG_STREAM)) - configSeq());
  }

  private record(source: string, messages: number): void {
    const { observer, partition } = this.options;
    if (!this.stopped) observer.lag(source, partition, Math.max(0, messages));
  }
}
