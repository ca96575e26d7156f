import type { RequestedCall } from '@tollgate/events';
import { findTool } from '@tollgate/journal';
import type { Sealer } from '@tollgate/sealing';
import type { Caller } from '../auth/caller.js';
import type { CurrentConfig } from '../config/current-config.js';
import { requestedFrom } from './call-request.js';
import type { TenantHashKeys } from './hash-keys.js';
import type { RunBody } from './run.schema.js';

export interface CallRequestsParts {
  readonly gateway: string;
  readonly config: Pick<CurrentConfig, 'state'>;
  readonly sealer: Sealer;
  readonly hashKeys: TenantHashKeys;
}

export interface SentCall {
  readonly caller: Caller;
  readonly sent: RunBody;
  readonly idempotencyKey?: string | undefined;
}

/** Makes the first event of a call of what a client sent. */
export class CallRequests {
  constructor(private readonly parts: CallRequestsParts) {}

  /** @throws ContractError 413, 422 */
  of({ caller, sent, idempotencyKey }: SentCall, callId: string, waitUntil: number): RequestedCall {
    const { gateway, config, sealer, hashKeys } = this.parts;
    const tool = findTool(config.state, caller.tenant, sent.agent_id, sent.tool);
    return requestedFrom(sent, {
      callId,
      gateway,
      waitUntil,
      caller,
      idempotencyKey,
      runIdIsArgument: tool?.runIdIsArgument ?? false,
      hashKeys: hashKeys.of(caller.tenant),
      sealer,
    });
  }
}
