import { configApplied, isEnding, NO_TENANT, type TollgateEvent } from '@tollgate/events';
import {
  answerSubject,
  appliedSubject,
  BusError,
  ConfigReader,
  emptyConfig,
  pause,
  journalStream,
  questionSubject,
  watermarkSubject,
  type ConfigState,
  type MessageBus,
  type Reader,
  type Watermark,
} from '@tollgate/journal';
import { Applied, readQuestion, type AppliedQuestion } from './applied.js';
import { Keeper } from './keeper.js';
import { LagMeter } from './lag-meter.js';
import { openEpoch } from './open-epoch.js';
import { OwnerLoop } from './owner-loop.js';
import { OwnJournal } from './own-journal.js';
import { Ownership } from './ownership.js';
import { Snapshots } from './snapshots.js';
import { openSource, verifyBeginning, type OpenSource } from './sources.js';
import { answerTo } from './questions.js';
import type { Owner } from './stage-definition.js';
import type { RunnerOptions } from './runner-options.js';

const CLAIM_POLL_MS = 250;
const FOLD_STANDS_STILL_MS = 30_000;
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * One life of a stage's partition on one connection: folds along as a standby, claims, owns until it is shut out or the
 * connection ends. Whatever ends it, nothing of it is used again: the next life folds anew (rule 1).
 */
export class StageSession<S> implements Owner<S> {
  private readonly journal: OwnJournal<S>;
  private readonly ownership: Ownership;
  private readonly keeper: Keeper<S>;
  private readonly snapshots: Snapshots<S>;
  private readonly applied = new Applied();
  private readonly sources: OpenSource[] = [];
  private reader: Reader | undefined;
  private configReader: ConfigReader | undefined;
  private readonly noConfig = emptyConfig();
  private loop: OwnerLoop<S> | undefined;
  private lagMeter: LagMeter | undefined;
  private configNoted = false;
  private ended = false;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  private constructor(
    readonly bus: MessageBus,
    private readonly options: RunnerOptions<S>,
  ) {
    const { definition, clock, keepingTimes: times } = options;
    const journal = (this.journal = new OwnJournal(definition));
    const snapshots = (this.snapshots = new Snapshots({ bus, ...options }));
    const look = (): Promise<void> => this.look(definition.sources.map(({ name }) => name));
    this.keeper = new Keeper({ definition, journal, clock, times, snapshots, look });
    this.ownership = new Ownership(bus, options.definition.name, options.partition, options.instance, options.clock);
    void bus.closed.then((error) => {
      this.end(error ?? new BusError('unavailable', 'the connection to NATS closed'));
    });
  }

  static async open<S>(options: RunnerOptions<S>): Promise<StageSession<S>> {
    const name = `tollgate-${options.definition.name}-${options.partition}`;
    return new StageSession(await options.connect(name), options);
  }

  get partition(): number {
    return this.options.partition;
  }

  get state(): S {
    return this.journal.state;
  }

  get config(): ConfigState {
    return this.configReader?.state ?? this.noConfig;
  }

  get lastAt(): number {
    return this.journal.lastAt;
  }

  get isOwner(): boolean {
    return this.loop !== undefined && !this.ended;
  }

  /** Runs until it ends; throws what ended it, unless it was {@link close}. */
  async run(): Promise<void> {
    try {
      await this.foldAlong();
      while (!this.ended && !(await this.ownership.tryClaim())) await pause(this.options.clock, CLAIM_POLL_MS);
      if (!this.ended) await this.fault('claimed');
      if (!this.hasEnded()) await this.own();
      if (!this.ended) await new Promise<void>((resolve) => (this.wake = resolve));
    } finally {
      this.end(undefined);
      await this.bus.close().catch(() => undefined);
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** A clean end: what is decided is appended, and a standby takes over at once. */
  async close(): Promise<void> {
    const { loop } = this;
    if (loop !== undefined) {
      const until = this.options.clock.monotonic() + CLOSE_TIMEOUT_MS;
      while (!loop.idle && !this.ended && this.options.clock.monotonic() < until) await pause(this.options.clock, 5);
      loop.stop();
      await this.ownership.release();
    }
    this.end(undefined);
  }

  submit(type: string, data: unknown): void {
    if (this.isOwner) this.loop?.submit(type, data);
  }

  /** By the definition, not by what is open: effects may look before anything is decided. */
  async look(names: readonly string[]): Promise<void> {
    const ends = new Map<string, number>();
    for (const source of this.options.definition.sources) {
      if (!names.includes(source.name)) continue;
      const stream = source.stream(this.partition);
      const subject = source.subject?.(this.partition);
      const end = subject === undefined ? this.bus.endOf(stream) : this.bus.endOfSubject(stream, subject);
      ends.set(source.name, await end);
    }
    await this.loop?.looks.decidedUpTo(ends);
  }

  /** A standby folds its own journal as it grows, so that taking over is quick. */
  private async foldAlong(): Promise<void> {
    const { definition, partition } = this.options;
    const snapshot = await this.snapshots.load();
    if (snapshot !== undefined) this.journal.restore(snapshot);
    this.reader = await this.bus.read({
      stream: journalStream(definition.name, partition),
      after: this.journal.seq,
      onMessage: (message) => {
        if (this.loop !== undefined || this.ended) return;
        try {
          this.journal.foldStored(message);
          this.keeper.foldedAlong();
        } catch (error) {
          this.end(error as Error);
        }
      },
      onError: (error) => {
        if (this.loop === undefined) this.end(error);
      },
    });
    if (snapshot === undefined) await verifyBeginning(this.bus, definition.name, partition);
    // Before there was a reader the journal may have become another one, or been purged: the next life looks again.
    else if (!(await this.snapshots.isOfJournal(snapshot)))
      throw new BusError('unavailable', 'the journal is not the one any more whose snapshot was taken');
  }

  private async own(): Promise<void> {
    const { definition, partition, instance, clock, observer, log, effects } = this.options;
    this.ownership.keep((error) => {
      this.end(error);
    });
    const foldedTo = (seq: number): Promise<void> => this.foldedTo(seq);
    const opened = await openEpoch({
      bus: this.bus,
      definition,
      partition,
      instance,
      clock,
      journal: this.journal,
      foldedTo,
    });
    await this.fault('owner-changed');
    // CONFIG is read behind `owner-changed`: what the old owner applied is in force here, too (rule 12).
    if (definition.readsConfig) await this.openConfig();
    // Shut out meanwhile, nothing is begun that nobody would stop.
    if (this.ended) return;
    // What another owner has written since was folded along, epoch and all: no append would be refused.
    if (this.journal.seq !== opened) throw new BusError('wrong_last_sequence', 'shut out while taking over');
    const loop = (this.loop = this.newLoop());
    await this.reader?.stop();
    // Every position is looked at before anything is decided, and effects begin with what the journal says, nothing ahead.
    await this.openSources(loop);
    if (this.hasEnded()) return;
    observer.tookOver(partition);
    log.info('owner of the partition', { stage: definition.name, partition, epoch: this.journal.epoch });
    effects.owning?.(this);
    this.noteConfig();
    this.answerQuestions(loop);
    this.measureLag(loop);
    this.keeper.start((carrying) => {
      loop.carry(carrying);
    });
    loop.start();
  }

  private hasEnded(): boolean {
    return this.ended;
  }

  /** A named point between two effects, at which tests let a process die or stand still. */
  private fault(name: string): Promise<void> | undefined {
    return this.options.fault(`${this.options.definition.name}.${name}`);
  }

  private newLoop(): OwnerLoop<S> {
    const { definition, partition, clock, decide, observer, tracer, log, batchSize } = this.options;
    return new OwnerLoop<S>({
      definition,
      journal: this.journal,
      bus: this.bus,
      partition,
      clock,
      decide,
      config: () => this.config,
      batchSize,
      observer,
      tracer,
      log,
      fault: (name) => this.fault(name),
      keeper: this.keeper,
      committed: (events) => {
        this.committed(events);
      },
      fenced: (why) => {
        this.end(why);
      },
    });
  }

  private measureLag({ looks }: OwnerLoop<S>): void {
    const { definition, clock, observer, partition } = this.options;
    const configSeq = definition.readsConfig ? () => this.config.seq : undefined;
    this.lagMeter = new LagMeter({
      bus: this.bus,
      clock,
      observer,
      partition,
      sources: this.sources,
      looks,
      configSeq,
    });
    this.lagMeter.start();
  }

  /** However long the journal is: only a fold that stands still is given up. */
  private async foldedTo(seq: number): Promise<void> {
    const { clock } = this.options;
    let [folded, since] = [this.journal.seq, clock.monotonic()];
    while (this.journal.seq < seq) {
      if (this.ended) throw this.failure ?? new BusError('unavailable', 'ended while folding');
      if (this.journal.seq > folded) [folded, since] = [this.journal.seq, clock.monotonic()];
      if (clock.monotonic() - since > FOLD_STANDS_STILL_MS) {
        throw new BusError('timeout', 'the journal cannot be read to its end');
      }
      await pause(clock, 2);
    }
  }

  private async openConfig(): Promise<void> {
    const onError = (error: Error): void => {
      this.end(error);
    };
    this.configReader = await ConfigReader.open(this.bus, () => this.configChanged(), onError, this.options.clock);
  }

  /** Changes that arrive together are noted together. */
  private configChanged(): void {
    if (this.configNoted || this.loop === undefined) return;
    this.configNoted = true;
    this.options.clock.soon(() => {
      this.configNoted = false;
      this.noteConfig();
    });
  }

  /** Every decision behind this event follows CONFIG up to its sequence (rule 12). */
  private noteConfig(): void {
    if (this.configReader === undefined || this.ended) return;
    this.loop?.note(configApplied.draft(NO_TENANT, { seq: this.config.seq }));
  }

  private async openSources(loop: OwnerLoop<S>): Promise<void> {
    for (const source of this.options.definition.sources) {
      const after = this.journal.positions.get(source.name);
      // The message at the position is read again: what of it is left has not been decided.
      if (after !== undefined) loop.looks.passed(source.name, after.seq - 1);
      const opened = await openSource(
        this.bus,
        source,
        this.partition,
        after,
        () => this.options.clock.monotonic(),
        (inputs, end) => {
          loop.take(inputs, source.name, end);
        },
        (error) => {
          this.end(error);
        },
      );
      this.sources.push(opened);
    }
  }

  private committed(events: readonly TollgateEvent[]): void {
    for (const event of events) {
      if (event.type === 'config-applied') this.applied.reached(event.data.seq);
      if (isEnding(event)) this.tellGateway(event.data.call.gateway, event);
      if (event.type === 'resolution-answered') this.tellGateway(event.data.gateway, event);
      if ('reply' in event.data && event.data.reply !== undefined) this.tellGateway(event.data.reply.gateway, event);
      this.options.effects.committed?.(event, this);
    }
  }

  /** A plain message: a gateway that misses it looks the ending up (rule 17). */
  private tellGateway(gateway: string, event: TollgateEvent): void {
    this.bus.say(answerSubject(gateway), new TextEncoder().encode(JSON.stringify(event)));
  }

  private answerQuestions(loop: OwnerLoop<S>): void {
    const { definition, answer, log } = this.options;
    if (definition.readsConfig) this.answerApplied();
    const everything = definition.sources.map(({ name }) => name);
    const parts = { answer, loop, look: () => this.look(everything), isOwner: () => this.isOwner, log };
    this.bus.answer(questionSubject(definition.name, this.partition), (text) => answerTo(text, parts));
    this.bus.answer(watermarkSubject(definition.name, this.partition), () =>
      Promise.resolve(
        this.ended
          ? undefined
          : JSON.stringify({ epoch: this.journal.epoch, id: loop.watermark() } satisfies Watermark),
      ),
    );
  }

  private answerApplied(): void {
    const { definition, clock } = this.options;
    this.bus.answer(appliedSubject(definition.name, this.partition), async (text) => {
      const question = readQuestion(text);
      if (question === undefined || this.ended) return undefined;
      const notBefore = await this.whenApplied(question);
      // Never before what the journal or a request that has left says already, also where the clock was set back (rule 4).
      const at = Math.max(clock.now(), this.journal.lastAt, notBefore);
      return this.ended ? undefined : JSON.stringify({ at });
    });
  }

  private async whenApplied({ seq, agent }: AppliedQuestion): Promise<number> {
    await this.applied.until(seq);
    return (await this.options.effects.applied?.(agent, this)) ?? 0;
  }

  private end(why: Error | undefined): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = why;
    this.ownership.stop();
    this.loop?.stop();
    this.lagMeter?.stop();
    if (this.loop !== undefined) this.options.effects.disowned?.(this);
    this.wake();
  }
}
