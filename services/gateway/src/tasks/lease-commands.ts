import { commandRequested, type Command } from '@tollgate/events';
import type { Clock } from '@tollgate/journal';
import { keyedHash } from '@tollgate/sealing';
import { decodeStoredReply, replyKey, type StoredReply } from '@tollgate/store';
import type { Caller } from '../auth/caller.js';
import { overloaded, unavailable } from '../http/contract-error.js';
import type { CallsInbox } from '../run/calls-inbox.js';
import type { Endings } from '../run/endings.js';
import type { TenantHashKeys } from '../run/hash-keys.js';
import type { InFlight } from '../run/in-flight.js';
import { untilEnded } from '../run/until-ended.js';
import { refusalOfCommand } from './command-refusal.js';

export interface LeaseCommandsParts {
  readonly gateway: string;
  readonly inbox: Pick<CallsInbox, 'put'>;
  readonly endings: Endings;
  readonly redis: { get(key: string): Promise<string | null> };
  readonly inFlight: InFlight;
  readonly hashKeys: TenantHashKeys;
  readonly clock: Clock;
  readonly upgradeUrl: string | null;
}

export interface AskedCommand {
  readonly caller: Caller;
  readonly command: Command;
  /** The `Idempotency-Key` header. */
  readonly idempotencyKey?: string | undefined;
  /** W3C `traceparent` of the request. */
  readonly trace?: string | undefined;
}

/** Shorter than clients wait, so that they hear that it is not known yet. */
const LIMIT_MS = 4_000;
const LOOK_MS = 250;

/** Commands about locks and tasks: the lease stage decides them, and its answer is in its journal before it is heard here. */
export class LeaseCommands {
  constructor(private readonly parts: LeaseCommandsParts) {}

  /** @throws ContractError 402, 403, 404, 409, 503 */
  async ask(asked: AskedCommand): Promise<StoredReply> {
    const leave = this.parts.inFlight.enter(asked.caller.tenant);
    if (leave === undefined) throw overloaded('Too many requests are under way');
    try {
      const reply = await this.answered(asked);
      const refusal = refusalOfCommand(reply, this.parts.upgradeUrl);
      if (refusal !== undefined) throw refusal;
      return reply;
    } finally {
      leave();
    }
  }

  private async answered({ caller, command, idempotencyKey, trace }: AskedCommand): Promise<StoredReply> {
    const { gateway, inbox, endings, hashKeys, clock } = this.parts;
    const { tenant, keyId } = caller;
    // The ack of CALLS may take seconds of it.
    const limit = clock.now() + LIMIT_MS;
    const commandId = `cmd_${clock.newName()}`;
    const hashed =
      idempotencyKey === undefined
        ? {}
        : { repeatHash: keyedHash(hashKeys.of(tenant).idempotency, JSON.stringify([command.does, idempotencyKey])) };
    const expected = endings.expectReply(commandId);
    try {
      const draft = commandRequested.draft(tenant, { commandId, gateway, keyId, ...hashed, command }, trace);
      await inbox.put('lease', {}, commandId, draft);
      const reply = await untilEnded(expected, () => this.lookUp(tenant, commandId), limit, LOOK_MS, clock);
      if (reply === undefined) throw unavailable('It is not known yet what became of this: repeat it');
      return reply;
    } finally {
      expected.forget();
    }
  }

  private async lookUp(tenant: string, commandId: string): Promise<StoredReply | undefined> {
    try {
      const text = await this.parts.redis.get(replyKey(tenant, commandId));
      return text === null ? undefined : decodeStoredReply(text);
    } catch {
      return undefined;
    }
  }
}
