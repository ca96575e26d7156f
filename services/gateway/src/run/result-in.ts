import { payload, type Payload } from '@tollgate/events';

/** Sealed for the same call as its result: what an action of a job is to do stands in the events of its job, too. */
const ARGUMENTS = 'args';

/** Where in an event's data the result of a call stands is the event's own affair; no event has two of one call. */
export function resultIn(data: unknown, callId: string): Payload | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if ('callId' in data && data.callId === callId && ('inline' in data || 'place' in data)) return payload.parse(data);
  for (const [name, member] of Object.entries(data)) {
    const found = name === ARGUMENTS ? undefined : resultIn(member, callId);
    if (found !== undefined) return found;
  }
  return undefined;
}
