import {
  leaseAcquired,
  leaseWaiting,
  type CallHeader,
  type Draft,
  type PassedCall,
  type Payload,
  type Terms,
} from '@tollgate/events';
import { outgoingKey } from '@tollgate/sealing';
import { leaseKeyOf } from '../lease-key.js';

export const NOON = Date.UTC(2026, 10, 21, 12);
export const SECOND = 1_000;
export const HOUR = 3_600 * SECOND;
export const DAY = 24 * HOUR;
export const TENANT = 'acme';
export const WAIT = 30 * SECOND;
export const DEADLINE = 900 * SECOND;

export interface CallChanges {
  readonly call?: Partial<CallHeader>;
  readonly terms?: Partial<Terms>;
}

/** A call as policy passes it: all calls have the same key unless their terms are changed. */
export function passed(callId: string, { call, terms }: CallChanges = {}): PassedCall {
  return {
    call: {
      callId,
      runId: callId,
      agent: 'billing',
      tool: 'pay',
      argsHash: 'args',
      keyId: 'key_1',
      gateway: 'gw',
      waitUntil: NOON + WAIT,
      requestedAt: NOON,
      deadline: NOON + DEADLINE,
      requestedId: 1,
      ...call,
    },
    args: { callId, inline: { k: 'k', b: 'sealed' } },
    terms: { scope: 'global', cost: 0, caps: {}, dedupHash: 'args', windowSec: 3_600, ...terms },
  };
}

export const keyOf = ({ call, terms }: PassedCall): string => leaseKeyOf(TENANT, call, terms);

/** The event that gives the key to a call; `claim` is the call that began the outgoing key, by default the call itself. */
export function acquired(one: PassedCall, claim = one.call.callId): Draft {
  const { agent, tool } = one.call;
  const leaseKey = keyOf(one);
  const key = outgoingKey({ tenant: TENANT, agent, tool, scope: one.terms.scope, dedupKey: leaseKey, claim });
  return leaseAcquired.draft(TENANT, { ...one, grant: { leaseKey, outgoingKey: key }, claim });
}

export const waiting = (one: PassedCall): Draft => leaseWaiting.draft(TENANT, { ...one, leaseKey: keyOf(one) });

export const RESULT: Payload = { callId: 'first', inline: { k: 'k', b: 'result' } };
