import { finish, type Draft } from '@tollgate/events';
import type { MessageBus } from './message-bus.js';

/**
 * Puts a change into CONFIG and answers its sequence. `expectedSeq` is the last sequence of the subject that the
 * change was made from (0 for a new thing). Throws BusError `wrong_last_sequence` when somebody changed it meanwhile.
 */
export async function writeConfig(
  bus: MessageBus,
  subject: string,
  change: Draft,
  expectedSeq: number,
  nowMs: number,
): Promise<number> {
  const event = finish(change, 0, nowMs);
  return bus.append(subject, new TextEncoder().encode(JSON.stringify(event)), { lastSubjectSeq: expectedSeq });
}
