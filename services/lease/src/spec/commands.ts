import { commandRequested, type Command, type Draft, type Job, type Payload, type Reply } from '@tollgate/events';
import { NOON, TENANT } from './calls.js';

/** What callers send, as a gateway puts it into CALLS. */
export interface Manner {
  readonly keyId?: string;
  /** Of the caller's `Idempotency-Key`. */
  readonly repeatHash?: string;
  readonly tenant?: string;
}

const requested = (commandId: string, command: Command, { keyId = 'key_1', repeatHash, tenant = TENANT }: Manner) =>
  commandRequested.draft(tenant, {
    commandId,
    gateway: 'gw',
    keyId,
    ...(repeatHash === undefined ? {} : { repeatHash }),
    command,
  });

/** How the stage answers it, when the broker has stamped it at `stampMs`. */
export const reply = (commandId: string, stampMs = NOON): Reply => ({ commandId, gateway: 'gw', stampMs });

export const KEY = 'invoice-42';
export const MINUTE_SEC = 60;

interface Locking extends Manner {
  readonly key?: string;
  readonly ttlSec?: number;
}
export const lock = (commandId: string, { key = KEY, ttlSec = MINUTE_SEC, ...manner }: Locking = {}): Draft =>
  requested(commandId, { does: 'lock', key, ttlSec }, manner);

interface Leasing extends Locking {
  readonly job?: Job;
}
/** Whoever leases by the command `a` gets the lease `lease of a`. */
export const lease = (commandId: string, { key = KEY, ttlSec = MINUTE_SEC, job, ...manner }: Leasing = {}): Draft => {
  const leaseId = leaseOf(commandId);
  return requested(commandId, { does: 'lease', key, ttlSec, leaseId, ...(job === undefined ? {} : { job }) }, manner);
};
export const leaseOf = (commandId: string): string => `lease of ${commandId}`;

interface Holding extends Manner {
  readonly key?: string;
}
/** `by` is the command by which the holder has leased. */
export const extend = (commandId: string, by: string, { ttlSec, key = KEY, ...manner }: Locking = {}): Draft =>
  requested(
    commandId,
    { does: 'extend', key, leaseId: leaseOf(by), ...(ttlSec === undefined ? {} : { ttlSec }) },
    manner,
  );

interface Completing extends Holding {
  readonly result?: Payload;
  readonly resultHash?: string;
}
export const complete = (
  commandId: string,
  by: string,
  { key = KEY, result, resultHash, ...manner }: Completing = {},
) =>
  requested(
    commandId,
    {
      does: 'complete',
      key,
      leaseId: leaseOf(by),
      ...(result === undefined ? {} : { result }),
      ...(resultHash === undefined ? {} : { resultHash }),
    },
    manner,
  );
export const fail = (commandId: string, by: string, { key = KEY, ...manner }: Holding = {}): Draft =>
  requested(commandId, { does: 'fail', key, leaseId: leaseOf(by), errorCode: 'out_of_paper' }, manner);
export const cancel = (commandId: string, by: string, { key = KEY, ...manner }: Holding = {}): Draft =>
  requested(commandId, { does: 'cancel', key, leaseId: leaseOf(by) }, manner);
export const reset = (commandId: string, { key = KEY, keyId = 'key_admin', ...manner }: Holding = {}): Draft =>
  requested(commandId, { does: 'reset', key }, { keyId, ...manner });
