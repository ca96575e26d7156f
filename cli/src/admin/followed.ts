import { partitionOf, type JournalName } from '@tollgate/events';
import {
  appliedSubject,
  askUntilAnswered,
  BusError,
  partitionsOf,
  systemClock,
  type Asking,
  type Bus,
} from '@tollgate/journal';

/** A stage that is taken over answers again within three seconds. */
const LIMIT_MS = 10_000;

export const asking = (bus: Bus): Asking => ({ bus, clock: systemClock, until: Date.now() + LIMIT_MS });

/** Whether each of these stages has said that it follows CONFIG up to `seq` (rule 12); asked until it does, or for ten seconds. */
export async function isFollowed(
  bus: Bus,
  tenant: string,
  seq: number,
  stages: readonly JournalName[],
): Promise<boolean> {
  const partition = partitionOf(tenant, await partitionsOf(bus));
  try {
    await Promise.all(stages.map((stage) => askUntilAnswered(asking(bus), appliedSubject(stage, partition), { seq })));
    return true;
  } catch (error) {
    if (error instanceof BusError) return false;
    throw error;
  }
}
