import type { Tracer } from '@opentelemetry/api';
import { EventDecodeError, finish, isEnding, nextEventId, type Draft, type TollgateEvent } from '@tollgate/events';
import {
  BusError,
  journalSubject,
  keptSubject,
  type ConfigState,
  type MessageBus,
  type Position,
  type Clock,
} from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import { decisionOn, patternOf } from './decision.js';
import { callOf, traceOf, type Input, type SourceInput } from './input.js';
import type { Carrying, Keeper } from './keeper.js';
import { keptDraft } from './keeping.js';
import { Looks } from './looks.js';
import type { FaultPoint, StageObserver } from './observer.js';
import type { OwnJournal } from './own-journal.js';
import { PendingBatch } from './pending-batch.js';
import type { Decide, StageDefinition, Turn } from './stage-definition.js';
import { DecisionSpans, logIds } from './tracing.js';
import { WakeUp } from './wake-up.js';
import { watermarkOf } from './watermark.js';

export interface LoopOptions<S> {
  readonly definition: StageDefinition<S>;
  readonly journal: OwnJournal<S>;
  readonly bus: MessageBus;
  readonly partition: number;
  readonly clock: Clock;
  readonly decide: Decide<S>;
  readonly config: () => ConfigState;
  readonly observer: StageObserver;
  readonly tracer: Tracer;
  readonly log: Logger;
  readonly fault: FaultPoint;
  readonly keeper: Keeper<S>;
  /** Events of ours are in the journal: now, and only now, they may have effects (rule 2). */
  readonly committed: (events: readonly TollgateEvent[]) => void;
  /** This owner is shut out, or cannot know: it stops at once (rule 1). */
  readonly fenced: (why: Error) => void;
  readonly batchSize?: number | undefined;
}

/** Events are decided up to this size while an append is under way; then inputs wait. */
const BATCH_SIZE = 400_000;
const ACK_TIMEOUT_MS = 5_000;
/** An input without an event moves its position by the next append, or by one of its own after so long. */
const IDLE_POSITIONS_MS = 1_000;

/** In the queue behind the inputs of a message, and where it holds none for this stage: now it has been decided to its end. */
type Queued = Input | Carrying | { readonly from: 'passed'; readonly source: string; readonly end: Position };

/** The one writer of a journal: decides inputs in order, appends what one turn decided, one append at a time. */
export class OwnerLoop<S> {
  readonly looks = new Looks();
  private readonly queue: Queued[] = [];
  private readonly wakeUp: WakeUp;
  private pending = new PendingBatch();
  /** What is being appended. */
  private underWay: PendingBatch | undefined;
  private deciding = false;
  private started = false;
  private stopped = false;
  private flushDue = false;
  private cancelIdle: (() => void) | undefined;

  constructor(private readonly options: LoopOptions<S>) {
    this.wakeUp = new WakeUp(options.clock, () => {
      this.enqueue({ from: 'timer' });
    });
  }

  /** Inputs of one message of a source, in order, and where that message ends. */
  take(inputs: readonly SourceInput[], source: string, end: Position): void {
    this.queue.push(...inputs, { from: 'passed', source, end });
    this.run();
  }

  /** Something that happened in this process. */
  submit(type: string, data: unknown): void {
    this.enqueue({ from: 'local', type, data });
  }

  /** An event of the host's own. */
  note(draft: Draft): void {
    this.add(draft, this.now(), draft.trace);
    this.flushSoon();
  }

  /** What still holds of the oldest part of the journal is journaled again, in its turn (rule 15). */
  carry(carrying: Carrying): void {
    this.queue.push(carrying);
    this.run();
  }

  /** Up to this id nothing more will be journaled: what is decided from here on gets a higher one. */
  watermark(): number {
    const { journal, clock } = this.options;
    const [unacknowledged] = [...(this.underWay?.events ?? []), ...this.pending.events];
    const id = watermarkOf(clock.now(), unacknowledged?.id);
    journal.idsAbove(id);
    return id;
  }

  /** For what is answered from the state now, of which nothing is recorded. */
  turnNow(): Turn<S> {
    return { ...this.turnFor({ from: 'timer' }), reserveId: () => 0 };
  }

  /** Resolves once all that is decided is in the journal; never, where it will not be (rule 2). */
  async inJournal(): Promise<void> {
    const last = this.pending.hasEvents ? this.pending : this.underWay;
    await last?.whenAcknowledged;
  }

  /** True when nothing is left to decide or to append. */
  get idle(): boolean {
    return !this.deciding && this.underWay === undefined && this.queue.length === 0 && !this.pending.hasEvents;
  }

  private get hasRoom(): boolean {
    return this.pending.size < (this.options.batchSize ?? BATCH_SIZE);
  }

  stop(): void {
    this.stopped = true;
    this.wakeUp.stop();
    this.options.keeper.stop();
    this.cancelIdle?.();
    this.pending.abandoned('not the owner any more');
    this.looks.abandon(new BusError('unavailable', 'not the owner any more'));
  }

  /** Decides what is there, and arms the first timer: from here on, not before. */
  start(): void {
    this.started = true;
    this.run();
  }

  private run(): void {
    if (!this.started || this.deciding || this.stopped) return;
    this.deciding = true;
    this.turn().catch((error: unknown) => {
      this.options.fenced(error as Error);
    });
  }

  private enqueue(input: Input): void {
    this.queue.push(input);
    this.run();
  }

  private async turn(): Promise<void> {
    await this.options.fault('before-decision');
    while (!this.stopped && this.hasRoom) {
      const next = this.queue.shift();
      if (next === undefined) break;
      if (next.from === 'passed') this.passed(next.source, next.end);
      else if (next.from === 'keeping') this.keep(next);
      else await this.decideOne(next);
    }
    this.deciding = false;
    if (this.stopped) return;
    // With a full batch nothing is decided before its append, by the timer neither.
    if (this.hasRoom) this.wakeUp.set(this.options.definition.wakeAt(this.options.journal.state));
    this.flushSoon();
  }

  private async decideOne(input: Input): Promise<void> {
    const { decide, definition, log, tracer, clock } = this.options;
    const started = clock.now();
    this.idsAbove(input);
    const turn = this.turnFor(input);
    const { drafts, parked } = await decisionOn(input, turn, decide, definition);
    if (this.stopped) return;
    const pattern = patternOf(input);
    if (input.from === 'timer') this.wakeUp.answered(drafts.length > 0);
    if (drafts.length > 0) {
      const spans = new DecisionSpans(tracer, `${definition.name} ${pattern}`, started);
      const followed = input.from === 'source' ? traceOf(input.event) : undefined;
      for (const draft of drafts) this.add(draft, turn.now, draft.trace ?? followed, spans);
      this.pending.from(pattern, input.from === 'source' ? input.readAt : undefined, spans);
    }
    if (input.from !== 'source') return;
    if (parked !== undefined) {
      const { source, stream, position, event } = input;
      const ids = logIds(callOf(event), traceOf(event));
      log.error('input parked', { source, stream, seq: position.seq, code: parked, ...ids });
    }
    this.pending.passed(input.source, input.position);
    // Of its message more may be left: who looks must not see half of it.
    this.looks.passed(input.source, input.position.seq - 1);
    if (drafts.length === 0 && !isHostsOwn(input)) this.positionsSoon();
  }

  /** As much as an append takes; the rest has its turn behind what has come meanwhile. */
  private keep(carrying: Carrying): void {
    const { definition, journal, partition } = this.options;
    for (let next = carrying.carried.next(); next.done !== true; next = carrying.carried.next()) {
      this.add(next.value, this.now(), next.value.trace);
      if (!this.hasRoom) {
        this.queue.push(carrying);
        return;
      }
    }
    if (definition.keeping.isBehind?.(journal.state, this.now()) === true) return;
    const places = definition.keeping.pointsAt?.(journal.state) ?? [];
    this.add(keptDraft(carrying.before, partition, definition.sources, journal.positions, places), this.now());
  }

  private turnFor(input: Input): Turn<S> {
    const { journal, config, partition } = this.options;
    const now = this.now();
    const source = input.from === 'source' ? input : undefined;
    return {
      state: journal.state,
      config: config(),
      now,
      partition,
      stampMs: source?.stampMs ?? now,
      place: source && { stream: source.stream, seq: source.position.seq, index: source.position.index },
      reserveId: () => this.nextId(now),
    };
  }

  /** Time never goes back, also where the last owner's clock was ahead (rule 4). */
  private now(): number {
    return Math.max(this.options.clock.now(), this.options.journal.lastAt);
  }

  /** What follows from an event has a higher id, also within the same millisecond: timelines are in the order of ids. */
  private idsAbove(input: Input): void {
    if (input.from !== 'source' || input.event instanceof EventDecodeError) return;
    this.options.journal.idsAbove(input.event.id);
  }

  private nextId(now: number): number {
    const { journal, definition, partition } = this.options;
    journal.lastId = nextEventId(journal.lastId, now, definition.name, partition);
    return journal.lastId;
  }

  /** An event bears the time that it was decided by: what is folded from it must not see a later one (rule 4). */
  private add(draft: Draft, decidedAt: number, parent?: string, spans?: DecisionSpans): void {
    const now = Math.max(decidedAt, this.options.journal.lastAt);
    const traced = spans?.traceFor(parent) ?? parent;
    const event = finish(traced === undefined ? draft : { ...draft, trace: traced }, this.nextId(now), now);
    spans?.describe(parent, attributesOf(event));
    this.options.journal.evolve(event);
    this.pending.add(event);
  }

  private passed(source: string, position: Position): void {
    this.pending.passed(source, position);
    this.looks.passed(source, position.seq);
  }

  private positionsSoon(): void {
    this.cancelIdle ??= this.options.clock.after(IDLE_POSITIONS_MS, () => {
      this.cancelIdle = undefined;
      if (this.pending.hasPositions) void this.flush();
    });
  }

  /** At the end of this turn of the event loop, so that what arrived together is appended together. */
  private flushSoon(): void {
    if (this.flushDue) return;
    this.flushDue = true;
    this.options.clock.soon(() => {
      this.flushDue = false;
      if (this.pending.hasEvents) void this.flush();
    });
  }

  private async flush(): Promise<void> {
    if (this.underWay !== undefined || this.stopped) return;
    const batch = (this.underWay = this.pending);
    this.pending = new PendingBatch();
    try {
      await this.append(batch);
    } catch (error) {
      batch.abandoned('not appended');
      if (!this.stopped) this.options.fenced(error as Error);
      return;
    } finally {
      this.underWay = undefined;
    }
    if (this.stopped) return;
    this.run();
    this.flushSoon();
    if (this.pending.hasPositions) this.positionsSoon();
  }

  private async append(batch: PendingBatch): Promise<void> {
    const { journal, bus, definition, partition, observer, fault, clock, keeper } = this.options;
    journal.passed(batch.positions);
    keeper.beforeAppend();
    const body = batch.encode(journal.epoch, batch.isKept ? journal.positions : batch.positions);
    const subject = (batch.isKept ? keptSubject : journalSubject)(definition.name, partition);
    await fault('before-append');
    journal.seq = await bus.append(subject, body, { lastSeq: journal.seq }, ACK_TIMEOUT_MS);
    await fault('after-append');
    if (this.stopped) return;
    keeper.acknowledged(journal.seq);
    batch.acknowledged(observer, partition, clock.monotonic());
    this.options.committed(batch.events);
    await fault('after-effects');
  }
}

/** Events that only say how far a stage is: passing them is no reason for an append, or two stages would answer each other for ever. */
function isHostsOwn({ event }: SourceInput): boolean {
  return !(event instanceof EventDecodeError) && (event.type === 'owner-changed' || event.type === 'config-applied');
}

function attributesOf(event: TollgateEvent): Record<string, string | number> {
  const call = (event.data as { call?: { callId: string; runId: string } }).call;
  return {
    'tollgate.event': event.type,
    'tollgate.event_id': event.id,
    ...(call === undefined ? {} : { 'tollgate.call_id': call.callId, 'tollgate.run_id': call.runId }),
    ...(isEnding(event)
      ? { 'tollgate.decision': event.data.outcome.decision, 'tollgate.reason': event.data.outcome.reason }
      : {}),
  };
}
