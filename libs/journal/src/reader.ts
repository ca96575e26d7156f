import { DeliverPolicy, type ConsumerMessages, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import { BusError } from './bus-error.js';
import { Intake } from './intake.js';
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
  const look = async (seq: number): Promise<Pick<StoredMessage, 'subject' | 'stampMs'> | undefined> => {
    const manager = await jetstream.jetstreamManager(false);
    const found = await manager.streams.getMessage(options.stream, { seq });
    return found === null ? undefined : { subject: found.subject, stampMs: found.time.getTime() };
  };
  const intake = new Intake({ ...options, look, fail: (error) => void end(error) }, name);
  messages = await consumer.consume({
    max_messages: PREFETCH,
    expires: RENEWED_MS,
    callback: (message) => {
      if (!stopped) intake.take(storedFrom(message), message.info.consumer);
    },
  });
  void (async () => {
    for await (const status of messages.status()) {
      if (status.type === 'ordered_consumer_recreated' && !stopped) intake.deliveredBy(status.name);
    }
  })();
  void messages
    .closed()
    .then((error) => end(error instanceof Error ? error : new BusError('unavailable', 'reader closed')));
  return {
    stop: async () => {
      stopped = true;
      await messages.close();
    },
  };
}

const storedFrom = (message: JsMsg): StoredMessage => ({
  seq: message.seq,
  subject: message.subject,
  data: message.data,
  // Not by way of a number, which is off by a millisecond now and then: ids are made of stamps.
  stampMs: Number(message.timestampNanos / 1_000_000n),
  mark: message.headers?.get(MARK_HEADER) ?? '',
});
