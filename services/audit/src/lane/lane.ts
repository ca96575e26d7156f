import { isDeepStrictEqual } from 'node:util';
import type { Tracer } from '@opentelemetry/api';
import { EventDecodeError } from '@tollgate/events';
import { BusError, systemClock, type Clock, type MessageBus } from '@tollgate/journal';
import { faultPoint, type Logger } from '@tollgate/runtime';
import { LostPositionError } from '../reading/lost-position.js';
import type { MessageCache } from '../reading/message-cache.js';
import { sequenceBefore } from '../reading/sequence-before.js';
import { markOf, type Positions } from '../reading/source-position.js';
import type { Source } from '../reading/source.js';
import { Backoff } from './backoff.js';
import { Intake, type Incoming, type ReadUpTo } from './intake.js';
import { withProjectSpans } from './project-span.js';
import { PositionMovedError, SinkUnavailableError, type Sink, type Slice } from './sink.js';

/**
 * - `following`: stores what comes
 * - `waiting`: what it stores into, or the broker, is away; it tries again
 * - `stopped`: only an operator can help, see the log
 */
export type LaneState = 'starting' | 'following' | 'waiting' | 'stopped';

export interface LaneOptions {
  readonly bus: MessageBus;
  readonly sources: readonly Source[];
  readonly sink: Sink;
  readonly cache: MessageCache;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** From 0 to 1, for delays. */
  readonly random?: () => number;
}

/** Without anything to store the positions are still compared this often: a wiped projection comes back by itself. */
const IDLE_MS = 1_000;
/** Two processes that write the same projection meet again and again: the one that came late keeps its distance for so long. */
const UNDISTURBED_MS = 30_000;

/** One projection of some sources: loads its positions, reads on behind them, stores slice by slice, starts over when told. */
export class Lane {
  state: LaneState = 'starting';
  private positions: Positions = {};
  private stopping = false;
  private cutShort: (() => void) | undefined;
  private readonly clock: Clock;
  private running: Promise<void> | undefined;
  private intake: Intake | undefined;
  private readonly moved: Backoff;
  private movedAt = 0;
  private readonly away: Backoff;

  constructor(private readonly options: LaneOptions) {
    this.clock = options.clock ?? systemClock;
    this.moved = new Backoff(200, 5_000, options.random);
    this.away = new Backoff(100, 5_000, options.random);
  }

  get sources(): readonly Source[] {
    return this.options.sources;
  }

  get projection(): string {
    return this.options.sink.name;
  }

  /** Last sequence of a source whose projection is stored. */
  reached(source: string): number {
    return this.positions[source]?.seq ?? 0;
  }

  /** Last sequence of a source that is not needed any more, also should this process end now (rule 15). */
  stored(source: string): number {
    return (this.options.sink.stored?.() ?? this.positions)[source]?.seq ?? 0;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.cutShort?.();
    this.intake?.interrupt();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.ended()) {
      try {
        await this.follow();
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  private ended(): boolean {
    return this.stopping || this.state === 'stopped';
  }

  private async follow(): Promise<void> {
    const { bus, sources, sink } = this.options;
    this.positions = await sink.load(sources);
    const points = await this.startingPoints();
    const intake = new Intake(bus, this.clock, sources, points, async () => sink.verify?.());
    this.intake = intake;
    try {
      await intake.open();
      await this.verifyBeginnings(points);
      if (this.state !== 'following') this.logFollowing();
      while (!this.ended()) {
        await this.store(await intake.take(IDLE_MS, sink.lingerMs));
        this.settled();
      }
    } catch (error) {
      // Another process may have gone on since we loaded, and what it had passed is purged.
      if (error instanceof LostPositionError && (await this.hasMoved()))
        throw new PositionMovedError('another process has gone on meanwhile');
      throw error;
    } finally {
      await intake.close();
    }
  }

  private logFollowing(): void {
    const { logger, sink, sources } = this.options;
    logger.info('projection follows', { projection: sink.name, sources: sources.map(({ name }) => name) });
  }

  private settled(): void {
    this.state = 'following';
    this.away.reset();
    if (this.clock.monotonic() - this.movedAt > UNDISTURBED_MS) this.moved.reset();
  }

  private async startingPoints(): Promise<ReadonlyMap<string, ReadUpTo>> {
    const points = new Map<string, ReadUpTo>();
    for (const source of this.options.sources) points.set(source.name, await this.startingPoint(source));
    return points;
  }

  private async hasMoved(): Promise<boolean> {
    const { sink, sources } = this.options;
    return !isDeepStrictEqual(await sink.load(sources), this.positions);
  }

  private async startingPoint({ name, stream }: Source): Promise<ReadUpTo> {
    const { bus, sink } = this.options;
    const position = this.positions[name];
    if (position !== undefined) return { seq: position.seq, mark: () => position.mark };
    const beginning = sink.beginning(this.clock.now());
    return { seq: beginning === 'first' ? 0 : await sequenceBefore(bus, stream, beginning.sinceMs) };
  }

  /** What has no position has no mark to know its stream by: one that was made anew since begins earlier. */
  private async verifyBeginnings(points: ReadonlyMap<string, ReadUpTo>): Promise<void> {
    for (const source of this.options.sources) {
      const { seq, mark } = points.get(source.name) ?? { seq: 0 };
      if (mark === undefined && seq > 0 && (await this.startingPoint(source)).seq < seq)
        throw new PositionMovedError('the stream has become another one');
    }
  }

  private async store(incoming: readonly Incoming[]): Promise<void> {
    const { sink, tracer, cache } = this.options;
    const messages = incoming.map(({ source, message }) => cache.read(source, message));
    const slice: Slice = { messages, expected: this.positions, next: nextPositions(this.positions, incoming) };
    await withProjectSpans(tracer, sink.name, messages, () => sink.write(slice));
    this.positions = slice.next;
    // Killed here, what was stored must not be stored again by the process that goes on.
    if (messages.length > 0) await faultPoint(`audit.${sink.name}.stored`);
  }

  private async recover(error: unknown): Promise<void> {
    if (this.stopping) return;
    const { logger, sink } = this.options;
    const fields = { projection: sink.name };
    if (error instanceof LostPositionError || error instanceof EventDecodeError) {
      this.state = 'stopped';
      logger.error('projection stopped: an operator must decide', fields, error);
      return;
    }
    if (error instanceof PositionMovedError) {
      if (this.moved.isFresh)
        logger.info('projection was wiped or written by another process: goes on from there', fields);
      this.movedAt = this.clock.monotonic();
      return this.wait(this.moved.next());
    }
    if (this.state !== 'waiting') this.logTrouble(error, fields);
    this.state = 'waiting';
    await this.wait(this.away.next());
  }

  /** A bug would come again and again too, but the others go on, and what an operator mends (disk, rights) heals by itself. */
  private logTrouble(error: unknown, fields: { projection: string }): void {
    const { logger } = this.options;
    if (error instanceof SinkUnavailableError || error instanceof BusError)
      logger.warn('projection waits for its store', fields, error);
    else logger.error('projection failed, will be tried again', fields, error);
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(ms, resolve);
      this.cutShort = () => {
        cancel();
        resolve();
      };
    });
  }
}

function nextPositions(positions: Positions, incoming: readonly Incoming[]): Positions {
  const last = new Map(incoming.map(({ source, message }) => [source.name, message]));
  const moved = [...last].map(([name, message]) => [name, { seq: message.seq, mark: markOf(message.data) }] as const);
  return { ...positions, ...Object.fromEntries(moved) };
}
