import { DeliverPolicy, type ConsumerMessages, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import { BusError } from './bus-error.js';
import type { Reader, ReadOptions, StoredMessage } from './message-bus.js';
import { MARK_HEADER } from './names.js';

const PREFETCH = 512;
/**
 * After a restart of the broker a reader asks for its consumer, and when JetStream is not up yet it asks again after so
 * long (the library's default is 30 s). It is also how often an idle reader renews its request.
 */
const RENEWED_MS = 3_000;

/**
 * An ordered consumer: in order, without gaps and acknowledgements; survives reconnects of its connection. It ends with
 * `unavailable` when the stream is not the one any more that was read so far.
 */
export async function openReader(jetstream: JetStreamClient, options: ReadOptions): Promise<Reader> {
  const consumer = await jetstream.consumers
    .get(options.stream, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: options.after + 1,
      ...(options.subject === undefined ? {} : { filter_subjects: options.subject }),
      inactive_threshold: 30_000,
    })
    .catch((cause: unknown) => {
      throw new BusError('unavailable', `stream ${options.stream} cannot be read`, { cause });
    });
  let messages: ConsumerMessages | undefined = undefined;
  let stopped = false;
  const end = async (error: Error): Promise<void> => {
    if (stopped) return;
    stopped = true;
    options.onError?.(error);
    await messages?.close();
  };
  const { name } = await consumer.info(true);
  const intake = new Intake(jetstream, options, name, (error) => void end(error));
  messages = await consumer.consume({
    max_messages: PREFETCH,
    expires: RENEWED_MS,
    callback: (message) => {
      if (!stopped) intake.take(message);
    },
  });
  void (async () => {
    for await (const status of messages.status()) {
      if (status.type === 'ordered_consumer_recreated' && !stopped) intake.deliveredBy(status.name);
    }
  })();
  void messages.closed().then((error) => end(error instanceof Error ? error : unavailable('reader closed')));
  return {
    stop: async () => {
      stopped = true;
      await messages.close();
    },
  };
}

/**
 * What a consumer delivers, in order. When the broker lost the consumer, the library makes another one behind the last
 * message. Where the stream was made anew or lost its tail, what was stored there since would be passed over: so it is
 * looked first whether the last message is still there (rule 3).
 */
class Intake {
  private last: StoredMessage | undefined;
  /** What came while the last message is looked at. */
  private held: StoredMessage[] | undefined;

  constructor(
    private readonly jetstream: JetStreamClient,
    private readonly options: ReadOptions,
    private consumer: string,
    private readonly fail: (error: Error) => void,
  ) {}

  take(message: JsMsg): void {
    this.deliveredBy(message.info.consumer);
    if (this.held === undefined) this.pass(storedFrom(message));
    else this.held.push(storedFrom(message));
  }

  deliveredBy(consumer: string): void {
    if (this.consumer === consumer) return;
    this.consumer = consumer;
    if (this.held === undefined) this.lookAgain();
    else this.fail(unavailable('its consumer was lost again'));
  }

  private lookAgain(): void {
    this.held = [];
    this.isAsItWas().then(
      (same) => {
        const held = this.held ?? [];
        this.held = undefined;
        if (same) for (const message of held) this.pass(message);
        else this.fail(unavailable(`stream ${this.options.stream} is not the one that was read`));
      },
      (cause: unknown) => {
        this.fail(unavailable(`stream ${this.options.stream} cannot be read`, cause));
      },
    );
  }

  private async isAsItWas(): Promise<boolean> {
    const { last, options } = this;
    if (last === undefined) return options.after === 0;
    const manager = await this.jetstream.jetstreamManager(false);
    const stored = await manager.streams.getMessage(options.stream, { seq: last.seq });
    // Nanoseconds are more than a number holds: their millisecond may be off by one.
    return stored?.subject === last.subject && Math.abs(stored.time.getTime() - last.stampMs) <= 1;
  }

  private pass(message: StoredMessage): void {
    // A consumer that was made anew may deliver the last message again, or begin where a shorter stream ends.
    if (message.seq <= (this.last?.seq ?? this.options.after)) return;
    this.last = message;
    this.options.onMessage(message);
  }
}

const unavailable = (why: string, cause?: unknown): BusError => new BusError('unavailable', why, { cause });

const storedFrom = (message: JsMsg): StoredMessage => ({
  seq: message.seq,
  subject: message.subject,
  data: message.data,
  stampMs: Math.floor(message.info.timestampNanos / 1e6),
  mark: message.headers?.get(MARK_HEADER) ?? '',
});
