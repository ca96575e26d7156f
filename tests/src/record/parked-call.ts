import { randomBytes } from 'node:crypto';
import { Bus, callsStream, callsSubject, MARK_HEADER } from '@tollgate/journal';
import { eventually, type Installation } from '../harness/index.js';
import { storedMessages } from './stored-messages.js';

interface Requested {
  readonly type: string;
  readonly data: { readonly call: object };
}

export interface Parked {
  readonly callId: string;
  /** `traceparent` that its event carries. */
  readonly trace: string;
}

/** Puts a call into CALLS that policy cannot decode, made of one that was; resolves when it has ended. */
export async function parkCall({ nats, api }: Installation, role: string): Promise<Parked> {
  const bus = await Bus.connect(nats.url, { name: 'test-parked', reconnect: false });
  try {
    const stored = await storedMessages(bus, callsStream(0));
    const events = stored.map(({ data }) => parsed(data)).filter((event) => event?.type === 'requested');
    const callId = `call_parked${randomBytes(6).toString('hex')}`;
    const trace = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
    const { data, ...event } = events[0] as Requested;
    const call = { ...data.call, callId, runId: callId };
    await putIntoCalls(bus, callId, JSON.stringify({ ...event, trace, data: { ...data, call, role } }));
    await eventually('the parked call has ended', async () => (await api.get(`/v1/calls/${callId}`)).status === 200);
    return { callId, trace };
  } finally {
    await bus.close();
  }
}

/** Whatever it is: only somebody with the broker's credentials can do this. */
export async function putIntoCalls(bus: Bus, mark: string, text: string): Promise<void> {
  await bus.append(callsSubject(0, 'policy'), Buffer.from(text), {}, 3_000, { [MARK_HEADER]: mark });
}

function parsed(data: Uint8Array): Requested | undefined {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8')) as Requested;
  } catch {
    return undefined;
  }
}
