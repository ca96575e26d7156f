import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { StoredMessage } from '@tollgate/journal';

export interface InOrder {
  readonly stream: string;
  readonly message: StoredMessage;
}

/** Everything that these streams hold, in the order in which the one broker stored it. */
export async function storedInOrder(url: string, streams: readonly string[]): Promise<readonly InOrder[]> {
  const { username: user, password: pass, host: servers } = new URL(url);
  const nats = await connect({ servers, user, pass, reconnect: false });
  try {
    const all = await Promise.all(streams.map((stream) => everythingIn(nats, stream)));
    return all.flat().sort((a, b) => a.nanos - b.nanos);
  } finally {
    await nats.close();
  }
}

async function everythingIn(nats: NatsConnection, stream: string): Promise<(InOrder & { readonly nanos: number })[]> {
  const { state } = await (await jetstreamManager(nats)).streams.info(stream);
  const stored: (InOrder & { readonly nanos: number })[] = [];
  if (state.messages === 0) return stored;
  const consumer = await jetstream(nats).consumers.get(stream);
  const messages = await consumer.consume();
  for await (const { seq, subject, data, info } of messages) {
    // A millisecond is too coarse: stages follow each other faster.
    const nanos = info.timestampNanos;
    stored.push({ stream, nanos, message: { seq, subject, data, stampMs: Math.floor(nanos / 1e6), mark: '' } });
    if (seq >= state.last_seq) break;
  }
  return stored;
}
