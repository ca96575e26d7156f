import { payload, type Payload } from '@tollgate/events';

/**
 * The result of a call in an event's data; where it stands there is the event's own affair. That of a task has the
 * arguments of its job's actions as well, sealed for the same calls.
 */
export function resultIn(data: unknown, callId: string): Payload | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if ('callId' in data && data.callId === callId && ('inline' in data || 'place' in data)) return payload.parse(data);
  for (const [name, member] of Object.entries(data)) {
    const found = name === 'args' ? undefined : resultIn(member, callId);
    if (found !== undefined) return found;
  }
  return undefined;
}
