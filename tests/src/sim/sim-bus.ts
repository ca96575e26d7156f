import {
  BusError,
  MARK_HEADER,
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
}

const ACK_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** A client notices a dead connection by its pings. */
const NOTICED_MS = [2_000, 6_000] as const;

/** One connection of one process. Requests and acks take time, get lost, or land after the client gave up. */
export class SimBus implements MessageBus {
  readonly closed: Promise<void | Error>;
  private settleClosed: (error?: Error) => void = () => undefined;
  private open = true;
  /** Nothing passes any more, but the client does not know yet. */
  private cut = false;
  private readonly ends: (() => void)[] = [];
  private readonly pending = new Set<(error: BusError) => void>();

  constructor(
    private readonly process: SimProcess,
    private readonly broker: SimBroker,
    private readonly weather: () => Weather,
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
    const { random } = this.process.world;
    const lost = random.chance(this.weather().loseRequest);
    return this.request(
      timeoutMs,
      () => this.broker.store(subject, body, expect, headers[MARK_HEADER] ?? ''),
      () => new BusError('timeout', 'no acknowledgement in time'),
      lost,
      random.chance(this.weather().loseAck),
    );
  }

  rangeOf(stream: string): Promise<{ first: number; last: number }> {
    return this.ask(() => this.broker.range(stream));
  }

  async endOf(stream: string): Promise<number> {
    return (await this.rangeOf(stream)).last;
  }

  async endOfSubject(stream: string, subject: string): Promise<number> {
    return (await this.lastOf(stream, subject))?.seq ?? 0;
  }

  message(stream: string, seq: number): Promise<StoredMessage | undefined> {
    return this.ask(() => this.broker.message(stream, seq));
  }

  lastOf(stream: string, subject: string): Promise<StoredMessage | undefined> {
    return this.ask(() => this.broker.lastOf(stream, subject));
  }

  async read({ stream, subject, after, onMessage }: ReadOptions): Promise<Reader> {
    await this.ask(() => undefined);
    let wanted = true;
    let inOrder = 0;
    const stop = this.broker.follow(stream, after, (message) => {
      if (subject !== undefined && message.subject !== subject) return;
      // One stream arrives in its order, however long each message takes.
      inOrder = Math.max(inOrder, this.process.world.now + this.oneWay());
      this.process.after(inOrder - this.process.world.now, () => {
        if (wanted && this.open && !this.cut) onMessage(message);
      });
    });
    this.ends.push(stop);
    return {
      stop: () => {
        wanted = false;
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

  answer(subject: string, reply: (question: string) => Promise<string | undefined>): void {
    const stop = this.broker.listen(subject, (body) => {
      const { replyTo, question } = JSON.parse(new TextDecoder().decode(body)) as { replyTo: string; question: string };
      this.process.after(this.oneWay(), () => {
        void reply(question).then((text) => {
          if (text !== undefined) this.say(replyTo, new TextEncoder().encode(text));
        });
      });
    });
    this.ends.push(stop);
  }

  ping(): Promise<number> {
    return this.ask(() => 1);
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
    this.process.after(this.process.world.random.int(low, high), () => {
      this.shut(new BusError('unavailable', 'the connection broke'));
    });
  }

  get isOpen(): boolean {
    return this.open && this.process.alive;
  }

  private ask<T>(read: () => T): Promise<T> {
    const gone = () => new BusError('unavailable', 'NATS does not answer');
    return this.request(REQUEST_TIMEOUT_MS, read, gone, false, false);
  }

  /** There, done, and back: each way takes its time, and what was lost is known by the time limit only. */
  private request<T>(
    timeoutMs: number,
    work: () => T,
    late: () => BusError,
    lost: boolean,
    answerLost: boolean,
  ): Promise<T> {
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
      this.process.world.after(this.oneWay(), () => {
        const outcome = attempt(work);
        if (answerLost || this.cut) return;
        this.process.after(this.oneWay(), () => {
          if (this.cut) return;
          settle(() => {
            if (outcome.ok) resolve(outcome.value);
            else reject(outcome.error);
          });
        });
      });
    });
  }

  private oneWay(): number {
    const { usualMs, rareMs } = this.weather();
    return this.process.world.random.delay(usualMs, rareMs);
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

function attempt<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error: error as BusError };
  }
}
