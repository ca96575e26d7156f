import type { MessageBus } from '@tollgate/journal';
import { markOf, type SourcePosition } from './source-position.js';

/** The stream is not the one that was projected; only an operator can say which of the two is right. */
export class LostPositionError extends Error {
  override readonly name = 'LostPositionError';
  readonly messageIsSafe = true;
}

/** Throws {@link LostPositionError} unless the stream still goes on exactly behind `position` (rule 3). */
export async function verifyPosition(
  bus: Pick<MessageBus, 'rangeOf' | 'message'>,
  stream: string,
  position: SourcePosition,
): Promise<void> {
  const { first, last } = await bus.rangeOf(stream);
  if (position.seq > last)
    throw lost(stream, position, `it ends at ${String(last)}, so its tail was lost or it was made anew`);
  if (position.seq + 1 < first)
    throw lost(stream, position, `it starts at ${String(first)}, so messages between are gone`);
  if (position.seq < first) return;
  const message = await bus.message(stream, position.seq);
  if (message !== undefined && markOf(message.data) !== position.mark) {
    throw lost(stream, position, 'it holds another message there, so it was made anew');
  }
}

const lost = (stream: string, { seq }: SourcePosition, why: string): LostPositionError =>
  new LostPositionError(
    `${stream} has been projected up to ${String(seq)}, but ${why}: restore the stream, or drop this projection to build it anew`,
  );
