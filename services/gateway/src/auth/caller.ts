import type { KeyEntry } from '@tollgate/journal';
import { forbidden } from '../http/contract-error.js';

/** Who is asking: the tenant that everything belongs to, and what the key covers. */
export interface Caller {
  readonly tenant: string;
  readonly keyId: string;
  readonly role: 'admin' | 'agent';
  readonly agents: readonly string[];
}

export const callerOf = ({ tenant, value }: KeyEntry): Caller => ({
  tenant,
  keyId: value.id,
  role: value.role,
  agents: value.agents,
});

export const coversAll = ({ role, agents }: Caller): boolean => role === 'admin' || agents.includes('*');

export const covers = (caller: Caller, agent: string): boolean => coversAll(caller) || caller.agents.includes(agent);

/** A key's role and agents never change, so there is nothing newer to read before this 403. */
export function mustCover(caller: Caller, agent: string): void {
  if (!covers(caller, agent)) throw forbidden('The key does not speak for this agent');
}

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/** The token of an Authorization header; undefined when there is none or it is malformed. */
export const bearerToken = (header: string | undefined): string | undefined => BEARER.exec(header ?? '')?.[1];
