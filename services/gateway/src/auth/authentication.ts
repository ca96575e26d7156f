import { findKey, keyIsValid, type Clock, type KeyEntry } from '@tollgate/journal';
import { apiKeyHash } from '@tollgate/sealing';
import type { CurrentConfig } from '../config/current-config.js';
import { forbidden, invalidKey, missingToken } from '../http/contract-error.js';
import type { Access } from './access.js';
import { bearerToken, callerOf, type Caller } from './caller.js';

/** Whose key it is that a request carries, and whether it may do what is asked. */
export class Authentication {
  constructor(
    private readonly config: Pick<CurrentConfig, 'state' | 'readToEnd'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** @throws ContractError 401, 403; 503 when it cannot be known whether the key is good */
  async callerBy(authorization: string | undefined, access: Exclude<Access, 'anybody'>): Promise<Caller> {
    const token = bearerToken(authorization);
    if (token === undefined) throw missingToken();
    const caller = callerOf(await this.keyOf(token));
    if (access === 'admin' && caller.role !== 'admin') throw forbidden('This needs an admin key');
    return caller;
  }

  /**
   * A stage has refused what the caller asked: perhaps because it knew earlier than this gateway that the key is revoked.
   *
   * @throws ContractError 403 when it is, 503
   */
  async mustStillBeGood({ keyId }: Caller): Promise<void> {
    await this.config.readToEnd();
    if (!keyIsValid(this.config.state.keys.get(keyId), this.clock.now())) throw invalidKey();
  }

  /** A key that another gateway made a moment ago is known, too: CONFIG is read to its end before a refusal (rule 12). */
  private async keyOf(token: string): Promise<KeyEntry> {
    const hash = apiKeyHash(token);
    const known = findKey(this.config.state, hash);
    if (keyIsValid(known, this.clock.now())) return known;
    await this.config.readToEnd();
    const newest = findKey(this.config.state, hash);
    if (!keyIsValid(newest, this.clock.now())) throw invalidKey();
    return newest;
  }
}
