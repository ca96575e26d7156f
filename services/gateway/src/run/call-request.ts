import { microsFromUsd, type CallHeader, type DataOf, type requested } from '@tollgate/events';
import { canonicalJson, keyedHash, type JsonValue, type Sealer } from '@tollgate/sealing';
import { id } from '../http/contract-fields.js';
import { invalid, tooLarge } from '../http/contract-error.js';
import type { Json, JsonObject } from '../http/json-reader.js';
import type { Caller } from '../auth/caller.js';
import type { RunBody } from './run.schema.js';

const MAX_ARGS_BYTES = 65_536;

/** Keys of one tenant for hashes that cannot be guessed back. */
export interface HashKeys {
  readonly args: Buffer;
  readonly idempotency: Buffer;
}

/** What the gateway adds to what was sent. */
export interface Surroundings {
  readonly callId: string;
  readonly gateway: string;
  readonly waitUntil: number;
  readonly caller: Caller;
  readonly idempotencyKey: string | undefined;
  /** The tool says that `run_id` is an argument like any other. */
  readonly runIdIsArgument: boolean;
  readonly hashKeys: HashKeys;
  readonly sealer: Sealer;
}

/**
 * The first event of a call.
 *
 * @throws ContractError 413 for arguments over 64 KB, 422 for a `run_id` among them that is no id
 */
export function requestedFrom(sent: RunBody, around: Surroundings): DataOf<typeof requested> {
  const args = sent.args ?? {};
  if (Buffer.byteLength(JSON.stringify(args)) > MAX_ARGS_BYTES) throw tooLarge('The args are over 64 KB');
  const transported = sent.run_id === undefined ? args['run_id'] : undefined;
  const { callId, caller, hashKeys } = around;
  return {
    call: headerOf(sent, args, runIdOf(sent, transported, around), around),
    args: { callId, inline: around.sealer.seal(args, { tenant: caller.tenant, callId }) },
    ...(typeof transported === 'string' ? { hashWithoutRunId: hashOf(hashKeys.args, withoutRunId(args)) } : {}),
    ...(around.idempotencyKey === undefined
      ? {}
      : { idempotencyHash: keyedHash(hashKeys.idempotency, around.idempotencyKey) }),
    spend: microsFromUsd(sent.spend_usd ?? 0),
    role: caller.role,
  };
}

function headerOf(
  sent: RunBody,
  args: JsonObject,
  runId: string,
  { callId, caller, gateway, waitUntil, hashKeys }: Surroundings,
): CallHeader {
  return {
    callId,
    runId,
    agent: sent.agent_id,
    tool: sent.tool,
    argsHash: hashOf(hashKeys.args, args),
    keyId: caller.keyId,
    gateway,
    waitUntil,
    requestedAt: 0,
    deadline: 0,
    requestedId: 0,
  };
}

/** SDKs send the run's id as `args.run_id`; without any, the call is a run of its own. */
function runIdOf(sent: RunBody, transported: Json | undefined, { callId, runIdIsArgument }: Surroundings): string {
  if (sent.run_id !== undefined) return sent.run_id;
  if (typeof transported !== 'string' || runIdIsArgument) return callId;
  if (!id.safeParse(transported).success) {
    throw invalid([
      {
        type: 'value_error',
        loc: ['body', 'args', 'run_id'],
        msg: 'A run id has 1 to 256 characters, no control characters',
        input: null,
      },
    ]);
  }
  return transported;
}

const hashOf = (key: Buffer, args: JsonObject): string => keyedHash(key, canonicalJson(args as JsonValue));

function withoutRunId({ run_id: _runId, ...rest }: JsonObject): JsonObject {
  return rest;
}
