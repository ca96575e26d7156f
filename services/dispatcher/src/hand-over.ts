import { answerHandedOver, finish, type DataOf } from '@tollgate/events';
import { callsSubject, MARK_HEADER, pause, type Clock, type MessageBus } from '@tollgate/journal';

const TRIES = 5;
const ACK_TIMEOUT_MS = 5_000;
const AGAIN_MS = 1_000;

/**
 * A dispatcher that is owner no more knows what became of an attempt: the new one is told through CALLS (rule 10). A lost ack may tell it
 * twice, which changes nothing. Resolves to false when the broker could not be told: then the attempt stays unknown.
 */
export async function handOver(
  bus: MessageBus,
  partition: number,
  tenant: string,
  word: DataOf<typeof answerHandedOver>,
  clock: Clock,
): Promise<boolean> {
  const event = finish(answerHandedOver.draft(tenant, word), 0, clock.now());
  const body = new TextEncoder().encode(JSON.stringify(event));
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      await bus.append(callsSubject(partition, 'dispatcher'), body, {}, ACK_TIMEOUT_MS, {
        [MARK_HEADER]: clock.newName(),
      });
      return true;
    } catch {
      await pause(clock, AGAIN_MS);
    }
  }
  return false;
}
