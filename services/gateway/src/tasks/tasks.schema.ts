import { z } from 'zod';
import { agentId, body, id, jsonObject, list, money, reason, toolName } from '../http/contract-fields.js';

/** Contract sections 1 and 2: small enough to be looked at by nobody. */
const MAX_METADATA_BYTES = 2_048;
/** Contract 3.2: holds the actions of a job. */
export const MAX_JOB_METADATA_BYTES = 65_536;

/** Seconds; more than the plan allows is clamped, because decorators of SDKs send a day. */
export const ttl = z.int().min(1);

export const metadataUpTo = (bytes: number) =>
  jsonObject
    .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= bytes, {
      message: `metadata is over ${bytes} bytes`,
      params: { type: 'too_long' },
    })
    .meta({ type: 'object', description: `At most ${bytes} bytes; never echoed, logged or shown` });

const metadata = metadataUpTo(MAX_METADATA_BYTES);
const leaseId = id;
const dropped = reason.meta({ maxLength: 256, description: 'Taken, and kept nowhere' }).optional();

export const leaseBody = body({ key: id, ttl: ttl.optional(), metadata: metadata.optional() });
export type LeaseBody = z.output<typeof leaseBody>;

export const extendBody = body({ key: id, lease_id: leaseId, ttl: ttl.optional() });
export type ExtendBody = z.output<typeof extendBody>;

export const completeBody = body({
  key: id,
  lease_id: leaseId,
  result: jsonObject.optional(),
  result_hash: reason.optional(),
});
export type CompleteBody = z.output<typeof completeBody>;

export const failBody = body({ key: id, lease_id: leaseId, error_code: reason, error_hash: dropped });
export type FailBody = z.output<typeof failBody>;

export const cancelBody = body({ key: id, lease_id: leaseId, reason: dropped });
export type CancelBody = z.output<typeof cancelBody>;

export const resetBody = body({ key: id });
export type ResetBody = z.output<typeof resetBody>;

export const keyQuery = z.object({ key: id });
export type KeyQuery = z.output<typeof keyQuery>;

const action = body({ tool: toolName, args: jsonObject.optional(), spend_usd: money.optional() });
export type JobAction = z.output<typeof action>;

/** What of a job's metadata means something to the server; the rest is the caller's own (contract 3.2). */
export const jobMetadata = body({
  agent_id: agentId.optional(),
  run_id: id.optional(),
  dry_run: z.unknown().optional(),
  actions: list(action).optional(),
});
