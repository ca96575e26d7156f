import type { Bus } from '@tollgate/journal';

/** The last sequence of a stream that the broker stamped before `timeMs`; one below the first when there is none. */
export async function sequenceBefore(bus: Bus, stream: string, timeMs: number): Promise<number> {
  const { first, last } = await bus.rangeOf(stream);
  let [below, above] = [first - 1, last + 1];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    const message = await bus.message(stream, middle);
    if (message !== undefined && message.stampMs >= timeMs) above = middle;
    else below = middle;
  }
  return Math.max(0, below);
}
