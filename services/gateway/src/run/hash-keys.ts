import { deriveKey, type SealingKey } from '@tollgate/sealing';
import type { HashKeys } from './call-request.js';

const MAX_KEPT = 10_000;

/** The hash keys of each tenant; deriving them takes longer than using them. */
export class TenantHashKeys {
  private readonly kept = new Map<string, HashKeys>();

  constructor(private readonly sealingKeys: readonly SealingKey[]) {}

  of(tenant: string): HashKeys {
    const known = this.kept.get(tenant);
    if (known !== undefined) return known;
    const derived = {
      args: deriveKey(this.sealingKeys, 'args-hash', tenant),
      idempotency: deriveKey(this.sealingKeys, 'idempotency-hash', tenant),
    };
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(tenant, derived);
    return derived;
  }
}
