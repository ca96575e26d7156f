import { payload, type Payload } from '@tollgate/events';

/** Where in an event's data its payload stands is the event's own affair; no event has two of one call. */
export function payloadIn(data: unknown, callId: string): Payload | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if ('callId' in data && data.callId === callId && ('inline' in data || 'place' in data)) return payload.parse(data);
  for (const member of Object.values(data)) {
    const found = payloadIn(member, callId);
    if (found !== undefined) return found;
  }
  return undefined;
}
