import {
  AckPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
  type StoredMsg,
} from '@nats-io/jetstream';
import {
  createInbox,
  headers as natsHeaders,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { BusError } from './bus-error.js';
import { MARK_HEADER } from './names.js';
import { PendingAcks } from './pending-acks.js';
import { openReader } from './reader.js';
import type { Expectation, MessageBus, Reader, ReadOptions, StoredMessage } from './message-bus.js';

export { AckPolicy };

export interface BusOptions {
  /** Shown by the server's monitoring. */
  readonly name: string;
  /** Stages say no: their ownership ends with the connection, and no append may be buffered over a reconnect (rule 1). */
  readonly reconnect: boolean;
}

type MessageQuery = { readonly seq: number } | { readonly last_by_subj: string };

const CONNECT_TIMEOUT_MS = 2_000;
const ACK_TIMEOUT_MS = 5_000;
const NO_MESSAGE_FOUND = 10037;

/** One connection to NATS: appends with expectations, reads by sequence, plain messages. */
export class Bus implements MessageBus {
  private constructor(
    readonly connection: NatsConnection,
    readonly jetstream: JetStreamClient,
    readonly manager: JetStreamManager,
    private readonly acks: PendingAcks,
  ) {}

  /** Throws {@link BusError} `unavailable` when the server cannot be reached or refuses the credentials. */
  static async connect(url: string, options: BusOptions): Promise<Bus> {
    const { servers, user, pass } = credentialsOf(url);
    try {
      const connection = await connect({
        servers,
        ...(user === undefined ? {} : { user, pass: pass ?? '' }),
        name: options.name,
        reconnect: options.reconnect,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        pingInterval: 2_000,
        maxPingOut: 2,
        timeout: CONNECT_TIMEOUT_MS,
        ignoreClusterUpdates: false,
        noAsyncTraces: true,
      });
      const js = jetstream(connection, { timeout: ACK_TIMEOUT_MS });
      const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ACK_TIMEOUT_MS });
      return new Bus(connection, js, manager, new PendingAcks(connection, createInbox()));
    } catch (cause) {
      throw new BusError('unavailable', 'NATS cannot be reached', { cause });
    }
  }

  /** Settles when the connection is gone for good: an error, or nothing after {@link close}. */
  get closed(): Promise<void | Error> {
    return this.connection.closed();
  }

  /**
   * Stores a message and answers its sequence, once the broker has said so.
   * Throws {@link BusError}: `wrong_last_sequence`, `timeout` (it may be stored), `unavailable` (it is not), `refused`.
   */
  async append(
    subject: string,
    body: Uint8Array,
    expect: Expectation = {},
    timeoutMs: number = ACK_TIMEOUT_MS,
    extra: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const header = natsHeaders();
    if (expect.lastSeq !== undefined) header.set('Nats-Expected-Last-Sequence', String(expect.lastSeq));
    if (expect.lastSubjectSeq !== undefined) {
      header.set('Nats-Expected-Last-Subject-Sequence', String(expect.lastSubjectSeq));
    }
    if (expect.lastMessageId !== undefined) header.set('Nats-Expected-Last-Msg-Id', expect.lastMessageId);
    for (const [name, value] of Object.entries(extra)) header.set(name, value);
    return this.acks.publish(subject, body, header, timeoutMs);
  }

  /** Last sequence of a stream; 0 when it is empty. */
  async endOf(stream: string): Promise<number> {
    return (await this.translated(() => this.manager.streams.info(stream))).state.last_seq;
  }

  /** First and last sequence of a stream. */
  async rangeOf(stream: string): Promise<{ first: number; last: number }> {
    const { state } = await this.translated(() => this.manager.streams.info(stream));
    return { first: state.first_seq, last: state.last_seq };
  }

  /** Sequence of the last message of one subject; 0 when there is none. */
  async endOfSubject(stream: string, subject: string): Promise<number> {
    return (await this.lastOf(stream, subject))?.seq ?? 0;
  }

  async lastOf(stream: string, subject: string): Promise<StoredMessage | undefined> {
    return this.stored(stream, { last_by_subj: subject });
  }

  async message(stream: string, seq: number): Promise<StoredMessage | undefined> {
    return this.stored(stream, { seq });
  }

  async headerOf(stream: string, seq: number, name: string): Promise<string | undefined> {
    return (await this.found(stream, { seq }))?.header.get(name);
  }

  async purge(stream: string, before: number, subject?: string): Promise<void> {
    // To the server, sequence 1 is no sequence: it would remove everything.
    if (before <= 1) return;
    const of = subject === undefined ? {} : { filter: subject };
    await this.translated(() => this.manager.streams.purge(stream, { seq: before, ...of }));
  }

  read(options: ReadOptions): Promise<Reader> {
    return openReader(this.jetstream, options);
  }

  say(subject: string, body: Uint8Array): void {
    if (!this.connection.isClosed()) this.connection.publish(subject, body);
  }

  listen(subject: string, hear: (body: Uint8Array) => void): () => void {
    const subscription = this.subscribe(subject, ({ data }) => {
      hear(data);
    });
    return () => {
      subscription.unsubscribe();
    };
  }

  answer(subject: string, reply: (question: string) => Promise<string | undefined>): void {
    this.subscribe(subject, (message) => {
      void reply(message.string()).then((text) => text !== undefined && message.respond(text));
    });
  }

  /** Asks a plain question. Throws {@link BusError} `unavailable` when nobody answers in time. */
  async ask(subject: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return (await this.translated(() => this.connection.request(subject, body, { timeout: timeoutMs }))).data;
  }

  /** Round trip to the server in milliseconds; rejects after `timeoutMs`. */
  async ping(timeoutMs: number): Promise<number> {
    const timeout = AbortSignal.timeout(timeoutMs);
    return Promise.race([
      this.connection.rtt(),
      new Promise<never>((_, reject) => {
        timeout.addEventListener('abort', () => reject(new BusError('unavailable', 'NATS does not answer')));
      }),
    ]);
  }

  async close(): Promise<void> {
    this.acks.abandon();
    await this.connection.close();
  }

  private subscribe(subject: string, handler: (message: Msg) => void): Subscription {
    return this.connection.subscribe(subject, { callback: (error, message) => (error ? undefined : handler(message)) });
  }

  private async stored(stream: string, query: MessageQuery): Promise<StoredMessage | undefined> {
    const found = await this.found(stream, query);
    if (found === undefined) return undefined;
    return {
      seq: found.seq,
      subject: found.subject,
      data: found.data,
      stampMs: found.time.getTime(),
      mark: found.header.get(MARK_HEADER),
    };
  }

  private async found(stream: string, query: MessageQuery): Promise<StoredMsg | undefined> {
    try {
      return (await this.manager.streams.getMessage(stream, query)) ?? undefined;
    } catch (error) {
      if ((error as { code?: number }).code === NO_MESSAGE_FOUND) return undefined;
      throw new BusError('unavailable', `stream ${stream} cannot be read`, { cause: error });
    }
  }

  private async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new BusError('unavailable', 'NATS does not answer', { cause });
    }
  }
}

function credentialsOf(url: string): { servers: string[]; user?: string; pass?: string } {
  const parsed = url.split(',').map((one) => new URL(one.includes('://') ? one : `nats://${one}`));
  const first = parsed[0];
  const servers = parsed.map((one) => one.host);
  if (first === undefined || first.username === '') return { servers };
  return { servers, user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) };
}
