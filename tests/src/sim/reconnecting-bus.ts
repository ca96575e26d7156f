import { BusError, Intake, type Expectation, type MessageBus, type Reader, type ReadOptions } from '@tollgate/journal';
import type { StoredMessage } from '@tollgate/journal';
import { SimBus, type Weather } from './sim-bus.js';
import type { SimBroker } from './sim-broker.js';
import type { SimProcess } from './sim-process.js';

const AGAIN_MS = [250, 2_000] as const;
/** To look up, connect, say hello. */
const DIAL_MS = [1, 400] as const;
const ACK_TIMEOUT_MS = 5_000;

/** Told when the connection is gone and when it is back, as the client library tells it. */
export interface LinkWatcher {
  broken(): void;
  dials?(): void;
  restored(): void;
}

/**
 * The connection of a gateway, of audit, or of an effect that outlives its owner: it comes back by itself, and its readers
 * and listeners go on. What was said without one is forgotten when the client dials; what was said while it did, it keeps
 * and sends as soon as it is through, also where whoever said it has given up.
 */
export class ReconnectingBus implements MessageBus {
  readonly closed: Promise<void | Error>;
  private readonly settleClosed: () => void;
  private bus: SimBus | undefined;
  private ended = false;
  private buffered: ((bus: SimBus) => void)[] = [];
  /** What every new connection takes up again. */
  private readonly lasting = new Set<(bus: SimBus) => void>();

  constructor(
    private readonly process: SimProcess,
    private readonly broker: SimBroker,
    private readonly weather: () => Weather,
    private readonly link: LinkWatcher = { broken: () => undefined, restored: () => undefined },
  ) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.settleClosed = resolve;
    this.connect();
  }

  sever(): void {
    this.bus?.sever();
  }

  append(
    subject: string,
    body: Uint8Array,
    expect: Expectation = {},
    timeoutMs = ACK_TIMEOUT_MS,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const late = (): BusError => new BusError('timeout', 'no acknowledgement in time');
    return this.once((bus) => bus.append(subject, body, expect, timeoutMs, headers), timeoutMs, late);
  }

  rangeOf(stream: string): Promise<{ first: number; last: number }> {
    return this.once((bus) => bus.rangeOf(stream));
  }

  endOf(stream: string): Promise<number> {
    return this.once((bus) => bus.endOf(stream));
  }

  endOfSubject(stream: string, subject: string): Promise<number> {
    return this.once((bus) => bus.endOfSubject(stream, subject));
  }

  message(stream: string, seq: number): Promise<StoredMessage | undefined> {
    return this.once((bus) => bus.message(stream, seq));
  }

  headerOf(stream: string, seq: number, name: string): Promise<string | undefined> {
    return this.once((bus) => bus.headerOf(stream, seq, name));
  }

  lastOf(stream: string, subject: string): Promise<StoredMessage | undefined> {
    return this.once((bus) => bus.lastOf(stream, subject));
  }

  purge(stream: string, before: number, subject?: string): Promise<void> {
    return this.once((bus) => bus.purge(stream, before, subject));
  }

  async read(options: ReadOptions): Promise<Reader> {
    const { stream, after, onMessage } = options;
    let wanted = true;
    let connections = 1;
    let current: Reader | undefined;
    const fail = (error: Error): void => {
      if (!wanted) return;
      wanted = false;
      this.lasting.delete(again);
      void current?.stop();
      options.onError?.(error);
    };
    const pass = (message: StoredMessage): void => {
      if (wanted) onMessage(message);
    };
    const look = (seq: number): Promise<StoredMessage | undefined> => this.message(stream, seq);
    const intake = new Intake({ stream, after, onMessage: pass, look, fail }, '1');
    const open = async (bus: SimBus, behind: number): Promise<void> => {
      const mine = String(connections);
      const take = (message: StoredMessage): void => {
        if (wanted) intake.take(message, mine);
      };
      current = await bus.read({ ...options, after: behind, onMessage: take, onError: fail });
      intake.deliveredBy(mine);
      if (!wanted) await current.stop();
    };
    const again = (bus: SimBus): void => {
      connections += 1;
      // The client library asks again and again; broken before it was open, the next connection does.
      open(bus, Math.min(intake.seq, this.broker.range(stream).last)).catch(() => {
        if (wanted && bus.isOpen) again(bus);
      });
    };
    await this.once((bus) => open(bus, after));
    this.lasting.add(again);
    return {
      stop: async () => {
        wanted = false;
        this.lasting.delete(again);
        await current?.stop();
      },
    };
  }

  say(subject: string, body: Uint8Array): void {
    const say = (bus: SimBus): void => {
      bus.say(subject, body);
    };
    if (this.bus === undefined) this.buffered.push(say);
    else say(this.bus);
  }

  listen(subject: string, hear: (body: Uint8Array) => void): () => void {
    let stop: () => void = () => undefined;
    const listen = (bus: SimBus): void => {
      stop = bus.listen(subject, hear);
    };
    this.forAll(listen);
    return () => {
      this.lasting.delete(listen);
      stop();
    };
  }

  ask(subject: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return this.once((bus) => bus.ask(subject, body, timeoutMs), timeoutMs);
  }

  answer(subject: string, reply: (question: string) => Promise<string | undefined>): void {
    this.forAll((bus) => {
      bus.answer(subject, reply);
    });
  }

  ping(timeoutMs: number): Promise<number> {
    return this.once((bus) => bus.ping(), timeoutMs);
  }

  async close(): Promise<void> {
    this.ended = true;
    await this.bus?.close();
    this.settleClosed();
  }

  private connect(): void {
    const bus = new SimBus(this.process, this.broker, this.weather);
    this.bus = bus;
    void bus.closed.then(() => {
      this.lost();
    });
    for (const take of this.lasting) take(bus);
    for (const work of this.buffered.splice(0)) work(bus);
    this.link.restored();
  }

  private lost(): void {
    this.bus = undefined;
    if (this.ended) return;
    this.link.broken();
    const { process } = this;
    process.after(process.random.int(...AGAIN_MS), () => {
      this.buffered = [];
      this.link.dials?.();
      process.after(process.random.int(...DIAL_MS), () => {
        if (!this.ended) this.connect();
      });
    });
  }

  private forAll(work: (bus: SimBus) => void): void {
    this.lasting.add(work);
    if (this.bus !== undefined) work(this.bus);
  }

  /** Now, or perhaps on the next connection; the one who waits gives up in time, what he sent may not. */
  private once<T>(
    work: (bus: SimBus) => Promise<T>,
    timeoutMs = ACK_TIMEOUT_MS,
    late = (): BusError => new BusError('unavailable', 'NATS does not answer'),
  ): Promise<T> {
    if (this.ended) return Promise.reject(new BusError('unavailable', 'the connection is closed'));
    if (this.bus !== undefined) return work(this.bus);
    return new Promise((resolve, reject) => {
      const cancel = this.process.clock.after(timeoutMs, () => {
        reject(late());
      });
      this.buffered.push((bus) => {
        work(bus).then(resolve, reject).finally(cancel);
      });
    });
  }
}
