import type { MessageBus } from '@tollgate/journal';

/** The last sequence of a stream that the broker stamped before `timeMs`; the one before its first when there is none. */
export async function sequenceBefore(
  bus: Pick<MessageBus, 'rangeOf' | 'message'>,
  stream: string,
  timeMs: number,
): Promise<number> {
  const { first, last } = await bus.rangeOf(stream);
  // An empty stream says that it begins behind its end, or with 0.
  let [below, above] = [Math.max(0, Math.min(first - 1, last)), last + 1];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    const message = await bus.message(stream, middle);
    if (message !== undefined && message.stampMs >= timeMs) above = middle;
    else below = middle;
  }
  return below;
}
