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

/** An ordered consumer: in order, without gaps and acknowledgements; survives reconnects of its connection. */
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
  let last = options.after;
  const messages: ConsumerMessages = await consumer.consume({
    max_messages: PREFETCH,
    expires: RENEWED_MS,
    callback: (message) => {
      // An ordered consumer that was made anew may deliver its last message again.
      if (message.seq <= last) return;
      last = message.seq;
      options.onMessage(storedFrom(message));
    },
  });
  let stopped = false;
  void messages.closed().then((error) => {
    if (!stopped) options.onError?.(error instanceof Error ? error : new BusError('unavailable', 'reader closed'));
  });
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
  stampMs: Math.floor(message.info.timestampNanos / 1e6),
  mark: message.headers?.get(MARK_HEADER) ?? '',
});
