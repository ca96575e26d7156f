import { finish, type Draft } from '@tollgate/events';
import type { Expectation, MessageBus } from './message-bus.js';

/**
 * Puts a change into CONFIG and answers its sequence. `expected` is what the change was made from: the last sequence of
 * its subject (0 for a new thing), or of all of CONFIG. Throws BusError `wrong_last_sequence` when that has changed.
 */
export async function writeConfig(
  bus: MessageBus,
  subject: string,
  change: Draft,
  expected: Expectation,
  nowMs: number,
): Promise<number> {
  const event = finish(change, 0, nowMs);
  return bus.append(subject, new TextEncoder().encode(JSON.stringify(event)), expected);
}
