import type { Bus, StoredMessage } from '@tollgate/journal';
import { eventually } from '../harness/index.js';

/** Everything that a stream holds now, in order. */
export async function storedMessages(bus: Bus, stream: string): Promise<readonly StoredMessage[]> {
  const end = await bus.endOf(stream);
  const messages: StoredMessage[] = [];
  if (end === 0) return messages;
  const reader = await bus.read({
    stream,
    after: 0,
    onMessage: (message) => {
      messages.push(message);
    },
  });
  await eventually(`${stream} is read to ${end}`, () => (messages.at(-1)?.seq ?? 0) >= end);
  await reader.stop();
  return messages;
}
