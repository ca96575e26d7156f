import { randomUUID } from 'node:crypto';
import { answerHandedOver, finish, type AttemptAnswer } from '@tollgate/events';
import { callsSubject, MARK_HEADER, type Bus } from '@tollgate/journal';

const TRIES = 5;
const ACK_TIMEOUT_MS = 5_000;

/**
 * A tool answered a dispatcher that is owner no more: the new one is told through CALLS (rule 10). A lost ack may tell it
 * twice, which changes nothing. Resolves to false when the broker could not be told: then the attempt stays unknown.
 */
export async function handOver(
  bus: Bus,
  partition: number,
  tenant: string,
  callId: string,
  attempt: number,
  answer: AttemptAnswer,
  now: number,
): Promise<boolean> {
  const event = finish(answerHandedOver.draft(tenant, { callId, attempt, answer }), 0, now);
  const body = new TextEncoder().encode(JSON.stringify(event));
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      await bus.append(callsSubject(partition, 'dispatcher'), body, {}, ACK_TIMEOUT_MS, {
        [MARK_HEADER]: randomUUID(),
      });
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  return false;
}
