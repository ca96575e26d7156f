import {
  BusError,
  Intake,
  type Expectation,
  type MessageBus,
  type Reader,
  type ReadOptions,
  type StoredMessage,
} from '@tollgate/journal';
import type { SimBroker } from './sim-broker.js';
import type { SimProcess } from './sim-process.js';

/** How badly the network between processes and the broker behaves. */
export interface Weather {
  /** Milliseconds, usual and rare, of one way. */
  readonly usualMs: number;
  readonly rareMs: number;
  readonly loseRequest: number;
  readonly loseAck: number;
  /** A request takes seconds: it lands when its sender has long given up. */
  readonly late: number;
  /** What is stored without an expectation is stored twice: a sender, or something between, tried again. */
  readonly twice: number;
}

const LATE_MS = [3_000, 14_000] as const;
const AGAIN_MS = 4_000;

const ACK_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** A client notices a dead connection by its pings. */
const NOTICED_MS = [2_000, 6_000] as const;

/** One connection of one process. Requests and acks take time, get lost, or land after the client gave up. */
export class SimBus implements MessageBus {
  readonly closed: Promise<void | Error>;
  private settleClosed: (error?: Error) => void = () => undefined;
  private open = true;
  /** When what left last arrives at the broker, true time. */
  private arrivesAt = 0;
  /** Nothing passes any more, but the client does not know yet. */
  private cut = false;
  private readonly ends: (() => void)[] = [];
  private readonly pending = new Set<(error: BusError) => void>();

  constructor(
    private readonly process: SimProcess,
    private readonly broker: SimBroker,
    private readonly weather: () => Weather,
    /** What this process sees of a message. */
    private readonly seen = (_stream: string, message: StoredMessage): StoredMessage => message,
  ) {
    this.closed = new Promise((resolve) => (this.settleClosed = (error) => resolve(error)));
    process.onDeath(() => {
      this.detach();
    });
  }

  append(
    subject: string,
    body: Uint8Array,
    expect: Expectation = {},
    timeoutMs = ACK_TIMEOUT_MS,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const { random, world } = this.process;
    const { loseRequest, loseAck, twice, late } = this.weather();
    const store = (): number => this.broker.store(subject, body, expect, headers);
    const lives = this.broker.livesOf(subject);
    const fenced = expect.lastSeq !== undefined || expect.lastSubjectSeq !== undefined;
    const { skips } = world;
    // What is on its way, or sent again, does not take days: copies of a message lie near each other.
    const inTime = (): boolean => fenced || world.skips === skips;
    const arrives = (): boolean => this.broker.livesOf(subject) === lives && inTime();
    if (!fenced && this.open && random.chance(twice))
      world.after(random.delay(50, AGAIN_MS), () => arrives() && store());
    return this.request<number>(
      timeoutMs,
      (back) => {
        if (arrives()) settled(store)(back);
      },
      () => new BusError('timeout', 'no acknowledgement in time'),
      random.chance(loseRequest),
      random.chance(loseAck),
      random.chance(late) ? random.int(...LATE_MS) : 0,
    );
  }

  rangeOf(stream: string): Promise<{ first: number; last: number }> {
    return this.query(() => this.broker.range(stream));
  }

  async endOf(stream: string): Promise<number> {
    return (await this.rangeOf(stream)).last;
  }

  async endOfSubject(stream: string, subject: string): Promise<number> {
    return (await this.lastOf(stream, subject))?.seq ?? 0;
  }

  message(stream: string, seq: number): Promise<StoredMessage | undefined> {
    return this.query(() => {
      const message = this.broker.message(stream, seq);
      return message && this.seen(stream, message);
    });
  }

  headerOf(stream: string, seq: number, name: string): Promise<string | undefined> {
    return this.query(() => this.broker.headerOf(stream, seq, name));
  }

  lastOf(stream: string, subject: string): Promise<StoredMessage | undefined> {
    return this.query(() => this.broker.lastOf(stream, subject));
  }

  purge(stream: string, before: number, subject?: string): Promise<void> {
    return this.query(() => {
      this.broker.purge(stream, before, subject);
    });
  }

  async read({ stream, subject, after, onMessage, onError }: ReadOptions): Promise<Reader> {
    await this.query(() => undefined);
    const { process, broker } = this;
    let wanted = true;
    let inOrder = 0;
    let consumer = 1;
    let unfollow: () => void = () => undefined;
    const isRead = (): boolean => wanted && this.open && !this.cut;
    const stop = (): void => {
      wanted = false;
      unfollow();
    };
    const fail = (error: Error): void => {
      if (!isRead()) return;
      stop();
      onError?.(error);
    };
    const pass = (message: StoredMessage): void => {
      if (isRead()) onMessage(this.seen(stream, message));
    };
    const look = (seq: number): Promise<StoredMessage | undefined> => this.message(stream, seq);
    const intake = new Intake({ stream, after, onMessage: pass, look, fail }, '1');
    const follow = (behind: number): void => {
      const mine = String(consumer);
      const take = (message: StoredMessage): void => {
        if (subject !== undefined && message.subject !== subject) return;
        // One stream arrives in its order, however long each message takes.
        inOrder = Math.max(inOrder, process.world.now + this.oneWay());
        process.after(inOrder - process.world.now, () => {
          if (isRead()) intake.take(message, mine);
        });
      };
      unfollow = broker.follow(stream, behind, take, gone);
    };
    const gone = (): void => {
      // The client library makes a new consumer once it has heard nothing for a while; it begins at the end at the latest.
      process.after(process.random.int(...NOTICED_MS), () => {
        if (!isRead()) return;
        consumer += 1;
        follow(Math.min(intake.seq, broker.range(stream).last));
        intake.deliveredBy(String(consumer));
      });
    };
    follow(after);
    this.ends.push(stop);
    return {
      stop: () => {
        stop();
        return Promise.resolve();
      },
    };
  }

  say(subject: string, body: Uint8Array): void {
    if (!this.open || this.cut) return;
    this.process.world.after(this.oneWay(), () => {
      this.broker.say(subject, body);
    });
  }

  listen(subject: string, hear: (body: Uint8Array) => void): () => void {
    return this.hear(subject, hear);
  }

  ask(subject: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return this.request<Uint8Array>(
      timeoutMs,
      (back) => {
        const heard = this.broker.say(subject, body, (value) => {
          back({ ok: true, value });
        });
        // The broker says so when nobody listens.
        if (!heard) back({ ok: false, error: unanswered() });
      },
      unanswered,
      false,
      false,
    );
  }

  answer(subject: string, reply: (question: string) => Promise<string | undefined>): void {
    this.hear(subject, (body, respond) => {
      void reply(new TextDecoder().decode(body)).then((text) => {
        if (text === undefined || !this.open || this.cut) return;
        this.process.world.after(this.oneWay(), () => {
          respond(new TextEncoder().encode(text));
        });
      });
    });
  }

  private hear(subject: string, each: (body: Uint8Array, respond: (body: Uint8Array) => void) => void): () => void {
    const stop = this.broker.listen(subject, (body, respond) => {
      this.process.after(this.oneWay(), () => {
        if (this.open && !this.cut) each(body, respond);
      });
    });
    this.ends.push(stop);
    return stop;
  }

  ping(): Promise<number> {
    return this.query(() => 1);
  }

  close(): Promise<void> {
    this.shut(undefined);
    return Promise.resolve();
  }

  /** The network between this connection and the broker is gone; the process notices after a while. */
  sever(): void {
    if (this.cut || !this.open) return;
    this.cut = true;
    const [low, high] = NOTICED_MS;
    this.process.after(this.process.random.int(low, high), () => {
      this.shut(new BusError('unavailable', 'the connection broke'));
    });
  }

  get isOpen(): boolean {
    return this.open && this.process.alive;
  }

  private query<T>(read: () => T): Promise<T> {
    return this.request(REQUEST_TIMEOUT_MS, settled(read), unanswered, false, false);
  }

  /** There, done, and back: each way takes its time, and what was lost is known by the time limit only. */
  private request<T>(
    timeoutMs: number,
    work: (back: (outcome: Outcome<T>) => void) => void,
    late: () => BusError,
    lost: boolean,
    answerLost: boolean,
    /** Of what is stored, which may make something happen there and then; a question changes nothing. */
    heldUpMs?: number,
  ): Promise<T> {
    const { world } = this.process;
    return new Promise((resolve, reject) => {
      if (!this.open) {
        reject(new BusError('unavailable', 'the connection is closed'));
        return;
      }
      const settle = (end: () => void): void => {
        if (!this.pending.delete(fail)) return;
        cancel();
        end();
      };
      const fail = (error: BusError): void => {
        settle(() => {
          reject(error);
        });
      };
      this.pending.add(fail);
      const cancel = this.process.clock.after(timeoutMs, () => {
        fail(late());
      });
      if (lost || this.cut) return;
      // What has left lands, whatever becomes of the client.
      const land = (): void => {
        work((outcome) => {
          if (answerLost || this.cut) return;
          this.process.after(this.oneWay(), () => {
            if (this.cut) return;
            settle(() => {
              if (outcome.ok) resolve(outcome.value);
              else reject(outcome.error);
            });
          });
        });
      };
      if (heldUpMs === undefined) world.afterSilently(this.inOrder(), land);
      else world.after(heldUpMs > 0 ? heldUpMs : this.inOrder(), land);
    });
  }

  /** One connection is one line: what leaves later arrives later, save what is held up in between. */
  private inOrder(): number {
    const { world } = this.process;
    this.arrivesAt = Math.max(this.arrivesAt, world.now + this.oneWay());
    return this.arrivesAt - world.now;
  }

  private oneWay(): number {
    const { usualMs, rareMs } = this.weather();
    return this.process.random.delay(usualMs, rareMs);
  }

  private shut(error: Error | undefined): void {
    if (!this.open) return;
    this.detach();
    for (const fail of [...this.pending]) fail(new BusError('timeout', 'the connection closed before the answer'));
    this.settleClosed(error);
  }

  private detach(): void {
    this.open = false;
    for (const end of this.ends) end();
  }
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: BusError };

const unanswered = (): BusError => new BusError('unavailable', 'NATS does not answer');

const settled =
  <T>(work: () => T) =>
  (back: (outcome: Outcome<T>) => void): void => {
    back(attempt(work));
  };

function attempt<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error: error as BusError };
  }
}
