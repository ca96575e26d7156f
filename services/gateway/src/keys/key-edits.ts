import { keyCreated, keyRevoked } from '@tollgate/events';
import { configSubject, KEY_STAGES, type Clock, type ConfigState, type KeyEntry } from '@tollgate/journal';
import type { SealingKey } from '@tollgate/sealing';
import type { Caller } from '../auth/caller.js';
import type { ConfigEdits } from '../config/config-edits.js';
import type { InForce } from '../config/in-force.js';
import { conflict, notFound } from '../http/contract-error.js';
import { isSameKey, keyAnswer, keyDocumentOf, mintKey } from './key-edit.js';
import type { KeyBody } from './keys.schema.js';

type By = Pick<Caller, 'tenant' | 'keyId'>;

export interface NewKey {
  readonly sent: KeyBody;
  /** Each request makes another key, unless the repeat carries the same. */
  readonly idempotencyKey?: string | undefined;
  readonly trace?: string | undefined;
}

/** Contract section 7, the keys of a tenant, behind HTTP. */
export class KeyEdits {
  constructor(
    private readonly edits: ConfigEdits,
    private readonly inForce: InForce,
    private readonly sealingKeys: readonly SealingKey[],
    private readonly clock: Clock,
  ) {}

  /** @throws ContractError 409; 503 when it is not confirmed: the key may have been made */
  async create({ tenant, keyId }: By, { sent, idempotencyKey, trace }: NewKey) {
    const minted = mintKey(this.sealingKeys, tenant, idempotencyKey);
    const wanted = keyDocumentOf(minted, sent, this.clock.now());
    const { seq, outcome } = await this.edits.edit(configSubject(tenant, 'key', minted.id), (state) => {
      const there = entryOf(state, tenant, minted.id);
      if (there === undefined) {
        return { seq: 0, change: keyCreated.draft(tenant, { by: keyId, key: wanted }, trace), outcome: wanted };
      }
      if (!isSameKey(there.value, wanted))
        throw conflict('idempotency_key_reused', 'Another key was made under this idempotency key');
      return { seq: there.seq, change: undefined, outcome: there.value };
    });
    await this.inForce.from(tenant, seq, { stages: KEY_STAGES });
    const { id, ...answer } = keyAnswer(outcome);
    return { id, key: minted.key, ...answer };
  }

  /** @throws ContractError 404; 503 when it is not confirmed: the key may be revoked */
  async revoke({ tenant, keyId }: By, id: string, trace?: string): Promise<void> {
    const { seq } = await this.edits.edit(configSubject(tenant, 'key', id), (state) => {
      const entry = entryOf(state, tenant, id);
      if (entry === undefined) throw notFound('not_found', 'There is no such key');
      const revoked = keyRevoked.draft(tenant, { by: keyId, id }, trace);
      return { seq: entry.seq, change: entry.value.revoked ? undefined : revoked, outcome: undefined };
    });
    await this.inForce.from(tenant, seq, { stages: KEY_STAGES });
  }
}

/** Another tenant's key answers as an unknown one. */
function entryOf(state: ConfigState, tenant: string, id: string): KeyEntry | undefined {
  const entry = state.keys.get(id);
  return entry?.tenant === tenant ? entry : undefined;
}
