import { Body, Controller, Delete, Get, Headers, Inject, Param, Post } from '@nestjs/common';
import { keyCreated, keyRevoked, type JournalName } from '@tollgate/events';
import { configSubject, type ConfigState, type KeyEntry } from '@tollgate/journal';
import type { SealingKey } from '@tollgate/sealing';
import { TheCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { ConfigEdits } from '../config/config-edits.js';
import { CurrentConfig } from '../config/current-config.js';
import { InForce } from '../config/in-force.js';
import { conflict, notFound } from '../http/contract-error.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { activeTraceparent } from '../http/request-span.js';
import { isSameKey, keyAnswer, keyDocumentOf, mintKey } from './key-edit.js';
import { keyBody, keyPath, type KeyBody, type KeyPath } from './keys.schema.js';

export const SEALING_KEYS = Symbol('sealing keys');

/** Both readers of CALLS refuse a key that is not good: policy of calls, the dispatcher of operators' words (rule 12). */
const CONCERNED: readonly JournalName[] = ['policy', 'dispatch'];

/** Contract section 7, the keys of a tenant. */
@Controller('v1/keys')
export class KeysController {
  constructor(
    @Inject(CurrentConfig) private readonly config: CurrentConfig,
    @Inject(ConfigEdits) private readonly edits: ConfigEdits,
    @Inject(InForce) private readonly inForce: InForce,
    @Inject(SEALING_KEYS) private readonly sealingKeys: readonly SealingKey[],
  ) {}

  /** Each makes another key, unless the repeat carries the same `Idempotency-Key`. */
  @Post()
  async create(
    @TheCaller() { tenant, keyId }: Caller,
    @Body({ schema: keyBody }) sent: KeyBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ) {
    const minted = mintKey(this.sealingKeys, tenant, idempotencyKeyOf(idempotencyKey));
    const wanted = keyDocumentOf(minted, sent, Date.now());
    const { seq, outcome } = await this.edits.edit(configSubject(tenant, 'key', minted.id), (state) => {
      const there = entryOf(state, tenant, minted.id);
      if (there === undefined) {
        return {
          seq: 0,
          change: keyCreated.draft(tenant, { by: keyId, key: wanted }, activeTraceparent()),
          outcome: wanted,
        };
      }
      if (!isSameKey(there.value, wanted))
        throw conflict('idempotency_key_reused', 'Another key was made under this idempotency key');
      return { seq: there.seq, change: undefined, outcome: there.value };
    });
    await this.inForce.from(tenant, seq, { stages: CONCERNED });
    const { id, ...answer } = keyAnswer(outcome);
    return { id, key: minted.key, ...answer };
  }

  @Get()
  async list(@TheCaller() { tenant }: Caller) {
    await this.config.readToEnd();
    return [...this.config.state.keys.values()]
      .filter((entry) => entry.tenant === tenant && !entry.value.revoked)
      .map(({ value }) => value)
      .sort((one, other) => one.createdAt - other.createdAt)
      .map(keyAnswer);
  }

  @Delete(':id')
  async revoke(@TheCaller() { tenant, keyId }: Caller, @Param({ schema: keyPath }) { id }: KeyPath) {
    const { seq } = await this.edits.edit(configSubject(tenant, 'key', id), (state) => {
      const entry = entryOf(state, tenant, id);
      if (entry === undefined) throw notFound('not_found', 'There is no such key');
      const revoked = keyRevoked.draft(tenant, { by: keyId, id }, activeTraceparent());
      return { seq: entry.seq, change: entry.value.revoked ? undefined : revoked, outcome: undefined };
    });
    await this.inForce.from(tenant, seq, { stages: CONCERNED });
    return { ok: true, deleted: id };
  }
}

/** Another tenant's key answers as an unknown one. */
function entryOf(state: ConfigState, tenant: string, id: string): KeyEntry | undefined {
  const entry = state.keys.get(id);
  return entry?.tenant === tenant ? entry : undefined;
}
