import { z } from 'zod';
import { defineEvent } from '../event.js';
import { payload } from '../sealed.js';
import { job } from './job.js';

const asker = z.object({ commandId: z.string(), gateway: z.string() });

/** Which command is answered, and who waits for that. CALLS may hold a command twice, so it is known for an hour (rule 3). */
export const reply = asker.extend({
  /** Broker's stamp of the command, ms since the epoch: copies of it lie near each other, however late they are read. */
  stampMs: z.number().int(),
});
export type Reply = z.output<typeof reply>;

/** What a caller wants of a lock or a task (contract sections 1 to 3.2); `ttlSec` is clamped to the plan's maximum. */
export const command = z.discriminatedUnion('does', [
  z.object({ does: z.literal('lock'), key: z.string(), ttlSec: z.number().int() }),
  z.object({
    does: z.literal('lease'),
    key: z.string(),
    ttlSec: z.number().int(),
    /** The capability of whoever becomes the holder by this command. */
    leaseId: z.string(),
    job: job.optional(),
  }),
  z.object({ does: z.literal('extend'), key: z.string(), leaseId: z.string(), ttlSec: z.number().int().optional() }),
  z.object({
    does: z.literal('complete'),
    key: z.string(),
    leaseId: z.string(),
    result: payload.optional(),
    resultHash: z.string().optional(),
    /** It was too large to keep. */
    resultDropped: z.boolean().optional(),
  }),
  z.object({ does: z.literal('fail'), key: z.string(), leaseId: z.string(), errorCode: z.string() }),
  z.object({ does: z.literal('cancel'), key: z.string(), leaseId: z.string() }),
  z.object({ does: z.literal('reset'), key: z.string() }),
]);
export type Command = z.output<typeof command>;

/** A gateway accepted a command. In CALLS, for the lease stage. */
export const commandRequested = defineEvent(
  'command-requested',
  1,
  z.object({
    ...asker.shape,
    keyId: z.string(),
    /** Keyed hash of the caller's `Idempotency-Key`: the same one gets the first answer of a lock or lease again. */
    repeatHash: z.string().optional(),
    command,
  }),
);
