import { randomBytes } from 'node:crypto';
import { configApplied, finish, isEnding, nextEventId, NO_TENANT, ownerChanged, type TollgateEvent } from '@tollgate/events';
import {
  answerSubject,
  appliedSubject,
  Bus,
  BusError,
  ConfigReader,
  type ConfigState,
  emptyConfig,
  encodeBatch,
  journalStream,
  journalSubject,
  openReader,
  type Reader,
} from '@tollgate/journal';
import { z } from 'zod';
import { OwnerLoop } from './owner-loop.js';
import { OwnJournal } from './own-journal.js';
import { Ownership } from './ownership.js';
import { openSource, type OpenSource } from './sources.js';
import type { Owner } from './stage-definition.js';
import type { RunnerOptions } from './stage-runner.js';

const CLAIM_POLL_MS = 250;
const OPENING_ATTEMPTS = 5;
const FOLD_TIMEOUT_MS = 120_000;

/**
 * One life of a stage's partition on one connection: folds along as a standby, claims, owns until it is shut out or the
 * connection ends. Whatever ends it, nothing of it is used again: the next life folds anew (rule 1).
 */
export class StageSession<S> implements Owner<S> {
  private readonly journal: OwnJournal<S>;
  private readonly ownership: Ownership;
  private readonly sources: OpenSource[] = [];
  private reader: Reader | undefined;
  private configReader: ConfigReader | undefined;
  private readonly noConfig = emptyConfig();
  private loop: OwnerLoop<S> | undefined;
  private appliedSeq = 0;
  private appliedWaiters: { seq: number; resolve: () => void }[] = [];
  private ended = false;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  private constructor(
    private readonly bus: Bus,
    private readonly options: RunnerOptions<S>,
  ) {
    this.journal = new OwnJournal(options.definition);
    this.ownership = new Ownership(bus, options.definition.name, options.partition, options.instance, options.clock);
    void bus.closed.then((error) => this.end(error ?? new BusError('unavailable', 'the connection to NATS closed')));
  }

  static async open<S>(options: RunnerOptions<S>): Promise<StageSession<S>> {
    const name = `tollgate-${options.definition.name}-${options.partition}`;
    return new StageSession(await Bus.connect(options.natsUrl, { name, reconnect: false }), options);
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
  get isOwner(): boolean {
    return this.loop !== undefined && !this.ended;
  }
  get connection(): Bus {
    return this.bus;
  }

  /** Runs until it ends; throws what ended it, unless it was {@link close}. */
  async run(): Promise<void> {
    try {
      await this.foldAlong();
      await this.untilClaimed();
      if (!this.ended) await this.own();
      await this.untilEnded();
    } finally {
      await this.dispose();
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** A clean end: what is decided is appended, and a standby takes over at once. */
  async close(): Promise<void> {
    const loop = this.loop;
    if (loop !== undefined) {
      const until = this.options.clock.now() + 2_000;
      while (!loop.idle && !this.ended && this.options.clock.now() < until) await this.pause(5);
      loop.stop();
      await this.ownership.release();
    }
    this.end(undefined);
  }

  submit(type: string, data: unknown): void {
    if (this.isOwner) this.loop?.submit(type, data);
  }

  async look(names: readonly string[]): Promise<void> {
    const ends = new Map<string, number>();
    for (const { source, stream, subject } of this.sources) {
      if (!names.includes(source.name)) continue;
      ends.set(source.name, await (subject === undefined ? this.bus.endOf(stream) : this.bus.endOfSubject(stream, subject)));
    }
    await this.loop?.decidedUpTo(ends);
  }

  private async foldAlong(): Promise<void> {
    const { definition, partition } = this.options;
    this.reader = await openReader(this.bus, {
      stream: journalStream(definition.name, partition),
      after: 0,
      onMessage: (message) => {
        if (this.loop !== undefined || this.ended) return;
        try {
          this.journal.foldStored(message);
        } catch (error) {
          this.end(error as Error);
        }
      },
      onError: (error) => {
        if (this.loop === undefined) this.end(error);
      },
    });
  }

  private async untilClaimed(): Promise<void> {
    while (!this.ended && !(await this.ownership.tryClaim())) await this.pause(CLAIM_POLL_MS);
  }

  private async own(): Promise<void> {
    this.ownership.keep((error) => this.end(error));
    await this.openEpoch();
    const { definition, partition, clock, observer, log } = this.options;
    await this.reader?.stop();
    if (definition.readsConfig) await this.openConfig();
    const loop = new OwnerLoop<S>({
      definition,
      journal: this.journal,
      bus: this.bus,
      partition,
      clock,
      decide: this.options.decide,
      config: () => this.config,
      observer,
      tracer: this.options.tracer,
      log,
      fault: (name) => this.options.fault(`${definition.name}.${name}`),
      committed: (events) => this.committed(events),
      fenced: (why) => this.end(why),
    });
    this.loop = loop;
    this.noteConfig();
    await this.openSources(loop);
    observer.tookOver(partition);
    log.info('owner of the partition', { stage: definition.name, partition, epoch: this.journal.epoch });
    this.options.effects.owning?.(this);
    this.answerApplied();
    loop.armTimer();
  }

  /** Folds to the journal's end and appends `owner-changed`, which shuts out whatever the old owner has under way. */
  private async openEpoch(): Promise<void> {
    const { definition, partition, instance, clock } = this.options;
    for (let attempt = 1; ; attempt++) {
      await this.foldedTo(await this.bus.endOf(journalStream(definition.name, partition)));
      const epoch = randomBytes(9).toString('base64url');
      const { lastAt, lastId, seq } = this.journal;
      const at = Math.max(clock.now(), lastAt);
      const draft = ownerChanged.draft(NO_TENANT, { owner: instance, epoch });
      const event = finish(draft, nextEventId(lastId, at, definition.name, partition), at);
      try {
        const body = encodeBatch({ epoch, positions: {}, events: [event] });
        const expected = await this.bus.append(journalSubject(definition.name, partition), body, { lastSeq: seq });
        await this.foldedTo(expected);
        return;
      } catch (error) {
        const raced = error instanceof BusError && error.code === 'wrong_last_sequence';
        if (!raced || attempt === OPENING_ATTEMPTS || this.ended) throw error;
      }
    }
  }

  private async foldedTo(seq: number): Promise<void> {
    const until = this.options.clock.monotonic() + FOLD_TIMEOUT_MS;
    while (this.journal.seq < seq) {
      if (this.ended) throw this.failure ?? new BusError('unavailable', 'ended while folding');
      if (this.options.clock.monotonic() > until) throw new BusError('timeout', 'the journal cannot be read to its end');
      await this.pause(2);
    }
  }

  private async openConfig(): Promise<void> {
    let scheduled = false;
    this.configReader = await ConfigReader.open(
      this.bus,
      () => {
        if (scheduled || this.loop === undefined) return;
        scheduled = true;
        setImmediate(() => {
          scheduled = false;
          this.noteConfig();
        });
      },
      (error) => this.end(error),
    );
  }

  /** Every decision behind this event follows CONFIG up to its sequence (rule 12). */
  private noteConfig(): void {
    if (this.configReader === undefined || this.ended) return;
    this.loop?.note(configApplied.draft(NO_TENANT, { seq: this.config.seq }));
  }

  private async openSources(loop: OwnerLoop<S>): Promise<void> {
    for (const source of this.options.definition.sources) {
      const after = this.journal.positions.get(source.name);
      if (after !== undefined) loop.startAt(source.name, after.seq);
      this.sources.push(
        await openSource(
          this.bus,
          source,
          this.partition,
          after,
          () => this.options.clock.monotonic(),
          (inputs, end) => loop.take(inputs, source.name, end),
          (error) => this.end(error),
        ),
      );
    }
  }

  private committed(events: readonly TollgateEvent[]): void {
    for (const event of events) {
      if (event.type === 'config-applied') this.applied(event.data.seq);
      if (isEnding(event)) this.tellGateway(event.data.call.gateway, event);
      if (event.type === 'resolution-answered') this.tellGateway(event.data.gateway, event);
      this.options.effects.committed?.(event, this);
    }
  }

  private tellGateway(gateway: string, event: TollgateEvent): void {
    if (gateway !== '') this.bus.say(answerSubject(gateway), new TextEncoder().encode(JSON.stringify(event)));
  }

  private applied(seq: number): void {
    this.appliedSeq = Math.max(this.appliedSeq, seq);
    for (const one of this.appliedWaiters.filter(({ seq: wanted }) => wanted <= this.appliedSeq)) one.resolve();
    this.appliedWaiters = this.appliedWaiters.filter((one) => one.seq > this.appliedSeq);
  }

  /** Answers gateways that ask whether this journal already says that a change of CONFIG is in force. */
  private answerApplied(): void {
    if (this.configReader === undefined) return;
    this.bus.listen(appliedSubject(this.options.definition.name, this.partition), (message) => {
      const question = appliedQuestion.safeParse(message.json());
      if (!question.success || this.ended) return;
      void this.whenApplied(question.data).then(() => {
        if (!this.ended) message.respond(JSON.stringify({ at: this.options.clock.now() }));
      });
    });
  }

  private async whenApplied(question: z.output<typeof appliedQuestion>): Promise<void> {
    if (this.appliedSeq < question.seq) {
      await new Promise<void>((resolve) => this.appliedWaiters.push({ seq: question.seq, resolve }));
    }
    await this.options.effects.applied?.(question.agent, this);
  }

  private end(why: Error | undefined): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = why;
    this.ownership.stop();
    this.loop?.stop();
    if (this.loop !== undefined) this.options.effects.disowned?.(this);
    this.wake();
  }

  private async untilEnded(): Promise<void> {
    if (!this.ended) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private async dispose(): Promise<void> {
    this.end(undefined);
    await this.bus.close().catch(() => undefined);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.options.clock.after(ms, resolve);
    });
  }
}

const appliedQuestion = z.object({
  seq: z.number().int(),
  agent: z.object({ tenant: z.string(), agent: z.string() }).optional(),
});
