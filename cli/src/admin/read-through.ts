import type { Bus, StoredMessage } from '@tollgate/journal';

/** Every message that a stream holds now, in order. */
export async function readThrough(bus: Bus, stream: string, take: (message: StoredMessage) => void): Promise<void> {
  const { first, last } = await bus.rangeOf(stream);
  if (last < first || last === 0) return;
  const done = Promise.withResolvers<void>();
  const reader = await bus.read({
    stream,
    after: Math.max(0, first - 1),
    onMessage: (message) => {
      if (message.seq <= last) take(message);
      if (message.seq >= last) done.resolve();
    },
    onError: done.reject,
  });
  try {
    await done.promise;
  } finally {
    await reader.stop();
  }
}
