import { decodeEvent, decodeJson, type Payload } from '@tollgate/events';
import { BusError, type MessageBus } from '@tollgate/journal';
import type { JsonValue, Sealer } from '@tollgate/sealing';

/** Opens the arguments of a call: they travel along, or lie in CALLS where they were put. */
export async function openArgs(bus: MessageBus, sealer: Sealer, tenant: string, args: Payload): Promise<JsonValue> {
  const { callId } = args;
  if ('inline' in args) return sealer.open(args.inline, { tenant, callId });
  const message = await bus.message(args.place.stream, args.place.seq);
  const event = message === undefined ? undefined : decodeEvent(decodeJson(message.data));
  if (event?.type !== 'requested' || !('inline' in event.data.args)) {
    throw new BusError('lost', `the arguments at ${args.place.stream} ${args.place.seq} are gone`);
  }
  return sealer.open(event.data.args.inline, { tenant, callId });
}
