import type { Tracer } from '@opentelemetry/api';
import {
  EventDecodeError,
  finish,
  inputParked,
  isEnding,
  nextEventId,
  NO_TENANT,
  type Draft,
  type TollgateEvent,
} from '@tollgate/events';
import { encodeBatch, journalSubject, type Bus, type ConfigState, type Position } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { Clock } from './clock.js';
import { callOf, tenantOf, type Input, type SourceInput } from './input.js';
import type { FaultPoint, StageObserver } from './observer.js';
import type { OwnJournal } from './own-journal.js';
import type { Decide, StageDefinition, Turn } from './stage-definition.js';
import { DecisionSpans } from './tracing.js';

export interface LoopOptions<S> {
  readonly definition: StageDefinition<S>;
  readonly journal: OwnJournal<S>;
  readonly bus: Bus;
  readonly partition: number;
  readonly clock: Clock;
  readonly decide: Decide<S>;
  readonly config: () => ConfigState;
  readonly observer: StageObserver;
  readonly tracer: Tracer;
  readonly log: Logger;
  readonly fault: FaultPoint;
  /** Events of ours are in the journal: now, and only now, they may have effects (rule 2). */
  readonly committed: (events: readonly TollgateEvent[]) => void;
  /** This owner is shut out, or cannot know: it stops at once. */
  readonly fenced: (why: Error) => void;
}

/** Events are decided up to this size while an append is under way; then inputs wait. */
const BATCH_BYTES = 400_000;
const ACK_TIMEOUT_MS = 5_000;
/** An input without an event moves its position by the next append, or by one of its own after so long. */
const IDLE_POSITIONS_MS = 1_000;
/** A timer that decided nothing is not asked again sooner. */
const TIMER_REST_MS = 50;

interface Pending {
  events: TollgateEvent[];
  bytes: number;
  positions: Map<string, Position>;
  /** When the inputs of this append were read: their latency ends with it. */
  read: { at: number; input: string }[];
  spans: DecisionSpans[];
}

const nothing = (): Pending => ({ events: [], bytes: 0, positions: new Map(), read: [], spans: [] });

/** The one writer of a journal: decides inputs in order, appends what one turn decided, one append at a time. */
export class OwnerLoop<S> {
  private readonly queue: Input[] = [];
  private pending = nothing();
  private appending = false;
  private deciding = false;
  private stopped = false;
  private flushDue = false;
  private cancelTimer: (() => void) | undefined;
  private cancelIdle: (() => void) | undefined;
  private readonly reached = new Map<string, number>();
  private looks: { ends: Map<string, number>; resolve: () => void }[] = [];

  constructor(private readonly options: LoopOptions<S>) {}

  /** Inputs of a source, in order; `end` is where their message ends, also when it holds nothing for this stage. */
  take(inputs: readonly SourceInput[], source: string, end: Position): void {
    this.queue.push(...inputs);
    if (inputs.length === 0) this.queue.push({ from: 'local', type: PASSED, data: { source, end } });
    this.run();
  }

  submit(type: string, data: unknown): void {
    this.queue.push({ from: 'local', type, data });
    this.run();
  }

  /** Appends an event of the host's own (`owner-changed` is not one: it opens the loop). */
  note(draft: Draft): void {
    this.add([draft], undefined, undefined);
    this.flushSoon();
  }

  /** Resolves when each source has been decided up to the given sequence. */
  decidedUpTo(ends: Map<string, number>): Promise<void> {
    return new Promise((resolve) => {
      this.looks.push({ ends, resolve });
      this.settleLooks();
    });
  }

  /** True when nothing is left to decide or to append. */
  get idle(): boolean {
    return !this.deciding && !this.appending && this.queue.length === 0 && this.pending.events.length === 0;
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer?.();
    this.cancelIdle?.();
    for (const span of this.pending.spans) span.end('not the owner any more');
  }

  /** Asks for the next timer; called once at the start and after every turn. */
  armTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    const at = this.options.definition.wakeAt(this.options.journal.state);
    if (at === undefined || this.stopped) return;
    const wait = Math.max(at - this.options.clock.now(), this.timerRests ? TIMER_REST_MS : 0);
    this.cancelTimer = this.options.clock.after(wait, () => {
      this.queue.push({ from: 'timer' });
      this.run();
    });
  }
  private timerRests = false;

  private run(): void {
    if (this.deciding || this.stopped) return;
    this.deciding = true;
    this.turn().then(
      () => undefined,
      (error: unknown) => this.options.fenced(error as Error),
    );
  }

  private async turn(): Promise<void> {
    await this.options.fault('before-decision');
    while (!this.stopped && this.pending.bytes < BATCH_BYTES) {
      const input = this.queue.shift();
      if (input === undefined) break;
      await this.decideOne(input);
    }
    this.deciding = false;
    if (this.stopped) return;
    this.armTimer();
    this.flushSoon();
  }

  private async decideOne(input: Input): Promise<void> {
    if (input.from === 'local' && input.type === PASSED) {
      const { source, end } = input.data as { source: string; end: Position };
      this.passed(source, end);
      return;
    }
    const { drafts, spans } = await this.decisionOn(input);
    if (this.stopped) return;
    this.timerRests = input.from === 'timer' && drafts.length === 0;
    this.add(drafts, input.from === 'source' ? input : undefined, spans);
    if (input.from === 'source') this.passed(input.source, input.position, drafts.length === 0 && !isHostOnly(input));
  }

  private async decisionOn(input: Input): Promise<{ drafts: readonly Draft[]; spans: DecisionSpans | undefined }> {
    const pattern = patternOf(input);
    const started = this.options.clock.now();
    if (input.from === 'source' && input.event instanceof EventDecodeError) {
      if (input.event.code === 'unknown_version') throw input.event;
      return { drafts: this.park(input, input.event.code, input.event.inputType), spans: undefined };
    }
    const payload = input.from === 'source' ? input.event : input.from === 'local' ? input.data : undefined;
    try {
      const drafts = (await this.options.decide(pattern, payload, this.turnFor(input))) ?? [];
      const spans = drafts.length === 0 ? undefined : new DecisionSpans(this.options.tracer, `${this.options.definition.name} ${pattern}`, started);
      return { drafts, spans };
    } catch (error) {
      // The text of a foreign error may quote its input: only a code is kept (G6).
      if (input.from !== 'source') throw error;
      return { drafts: this.park(input, 'decision_failed', (input.event as TollgateEvent).type), spans: undefined };
    }
  }

  private park(input: SourceInput, code: 'undecodable' | 'unknown_type' | 'decision_failed', inputType?: string): Draft[] {
    const call = callOf(input.event);
    const tenant = tenantOf(input.event) ?? NO_TENANT;
    this.options.log.error('input parked', { source: input.source, stream: input.stream, seq: input.position.seq, code });
    const parked = inputParked.draft(tenant, {
      source: input.source,
      stream: input.stream,
      seq: input.position.seq,
      index: input.position.index,
      code,
      ...(inputType === undefined ? {} : { inputType: inputType.slice(0, 64) }),
      ...(call === undefined ? {} : { callId: call.callId }),
    });
    if (call === undefined) return [parked];
    const { definition, journal } = this.options;
    return [parked, ...definition.parked(journal.state, call, this.now(), tenant)];
  }

  private turnFor(input: Input): Turn<S> {
    const { journal, config } = this.options;
    const now = this.now();
    const source = input.from === 'source' ? input : undefined;
    return {
      state: journal.state,
      config: config(),
      now,
      partition: this.options.partition,
      stampMs: source?.stampMs ?? now,
      place: source && { stream: source.stream, seq: source.position.seq, index: source.position.index },
      reserveId: () => this.nextId(now),
    };
  }

  private now(): number {
    return Math.max(this.options.clock.now(), this.options.journal.lastAt);
  }

  private nextId(now: number): number {
    const { journal, definition, partition } = this.options;
    journal.lastId = nextEventId(journal.lastId, now, definition.name, partition);
    return journal.lastId;
  }

  private add(drafts: readonly Draft[], input: SourceInput | undefined, spans: DecisionSpans | undefined): void {
    const now = this.now();
    const followed = input === undefined || input.event instanceof EventDecodeError ? undefined : input.event.trace;
    for (const draft of drafts) {
      const parent = draft.trace ?? followed;
      const traced = spans?.traceFor(parent) ?? parent;
      const event = finish(traced === undefined ? draft : { ...draft, trace: traced }, this.nextId(now), now);
      spans?.describe(parent, attributesOf(event));
      this.options.journal.evolve(event);
      this.pending.events.push(event);
      this.pending.bytes += JSON.stringify(event).length;
    }
    if (spans !== undefined) this.pending.spans.push(spans);
    if (input !== undefined && drafts.length > 0) this.pending.read.push({ at: input.readAt, input: patternOf(input) });
  }

  private passed(source: string, position: Position, silent = false): void {
    this.pending.positions.set(source, position);
    this.reached.set(source, position.seq);
    if (this.looks.length > 0) this.settleLooks();
    if (silent) this.idlePositionsSoon();
  }

  private settleLooks(): void {
    const done = (ends: Map<string, number>) => [...ends].every(([name, seq]) => (this.reached.get(name) ?? 0) >= seq);
    const settled = this.looks.filter((look) => done(look.ends));
    if (settled.length === 0) return;
    this.looks = this.looks.filter((look) => !done(look.ends));
    for (const look of settled) look.resolve();
  }

  /** Positions where reading began: what lies at or below has been decided by an owner before. */
  startAt(source: string, seq: number): void {
    this.reached.set(source, Math.max(seq, this.reached.get(source) ?? 0));
  }

  private idlePositionsSoon(): void {
    this.cancelIdle ??= this.options.clock.after(IDLE_POSITIONS_MS, () => {
      this.cancelIdle = undefined;
      void this.flush(true);
    });
  }

  /** At the end of this turn of the event loop, so that what arrived together is appended together. */
  private flushSoon(): void {
    if (this.flushDue) return;
    this.flushDue = true;
    setImmediate(() => {
      this.flushDue = false;
      void this.flush(false);
    });
  }

  private async flush(positionsToo: boolean): Promise<void> {
    const due = this.pending.events.length > 0 || (positionsToo && this.pending.positions.size > 0);
    if (this.appending || this.stopped || !due) return;
    this.appending = true;
    const batch = this.pending;
    this.pending = nothing();
    try {
      await this.append(batch);
    } catch (error) {
      for (const span of batch.spans) span.end('not appended');
      this.appending = false;
      if (!this.stopped) this.options.fenced(error as Error);
      return;
    }
    this.appending = false;
    if (this.stopped) return;
    this.run();
    this.flushSoon();
  }

  private async append(batch: Pending): Promise<void> {
    const { journal, bus, definition, partition, observer, fault, clock } = this.options;
    const body = encodeBatch({ epoch: journal.epoch, positions: Object.fromEntries(batch.positions), events: batch.events });
    await fault('before-append');
    journal.seq = await bus.append(
      journalSubject(definition.name, partition),
      body,
      { lastSeq: journal.seq },
      ACK_TIMEOUT_MS,
    );
    await fault('after-append');
    if (this.stopped) return;
    for (const span of batch.spans) span.end();
    observer.appended(batch.events.length, partition);
    const now = clock.monotonic();
    for (const { at, input } of batch.read) observer.latency(now - at, input);
    for (const event of batch.events) {
      if (isEnding(event)) observer.decided(event.data.outcome.decision, event.data.outcome.reason);
    }
    this.options.committed(batch.events);
    await fault('after-effects');
  }
}

/** A message that holds nothing for this stage still moves its position, in order with the others. */
const PASSED = ' passed';

function patternOf(input: Input): string {
  if (input.from === 'timer') return 'timer';
  if (input.from === 'local') return `local/${input.type}`;
  return `${input.source}/${input.event instanceof EventDecodeError ? 'undecodable' : input.event.type}`;
}

/** Events that only say how far a stage is: passing them is no reason for an append, or two stages would answer each other for ever. */
function isHostOnly(input: SourceInput): boolean {
  const event = input.event;
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
