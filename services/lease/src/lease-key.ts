import { createHash } from 'node:crypto';
import type { CallHeader, Terms } from '@tollgate/events';

/** An idempotency key given by the caller holds for a day where the tool itself does not deduplicate (contract 3.1). */
const CALLER_KEY_WINDOW_SEC = 86_400;
const OWN_KEY = 'call:';

/**
 * The key of a call: tenant, agent, tool, resolved scope and the arguments, or the caller's idempotency key in their
 * place. With window 0 each call has its own, unless the caller gave a key (rule 8).
 */
export function leaseKeyOf(tenant: string, call: CallHeader, terms: Terms): string {
  if (terms.windowSec === 0 && terms.idempotencyHash === undefined) return OWN_KEY + call.callId;
  const what = terms.idempotencyHash === undefined ? ['args', terms.dedupHash] : ['key', terms.idempotencyHash];
  const parts = JSON.stringify([tenant, call.agent, call.tool, terms.scope, ...what]);
  return createHash('sha256').update(parts).digest('base64url');
}

export const isOwnKey = (leaseKey: string): boolean => leaseKey.startsWith(OWN_KEY);

/** How long a completed call deduplicates, in milliseconds from its completion. */
export function windowMs(terms: Terms): number {
  const seconds =
    terms.windowSec === 0 && terms.idempotencyHash !== undefined ? CALLER_KEY_WINDOW_SEC : terms.windowSec;
  return seconds * 1000;
}
