import { isDeepStrictEqual } from 'node:util';
import type { KeyDocument } from '@tollgate/events';
import { apiKeyHash, deriveKey, keyedHash, mintApiKey, type SealingKey } from '@tollgate/sealing';
import { randomBytes } from 'node:crypto';
import { isoTime } from '../http/times.js';
import { keyPreview } from './key-preview.js';
import type { KeyBody } from './keys.schema.js';

/** A key before it is stored; `key` is shown once. */
export interface MintedKey {
  readonly id: string;
  readonly key: string;
}

/**
 * A new key. With an idempotency key it is computed, not drawn: the repeat of a request whose answer was lost gets the
 * same key again, though only its hash was stored.
 */
export function mintKey(
  sealingKeys: readonly SealingKey[],
  tenant: string,
  idempotencyKey: string | undefined,
): MintedKey {
  if (idempotencyKey === undefined) return { id: `key_${randomBytes(12).toString('base64url')}`, key: mintApiKey() };
  const root = deriveKey(sealingKeys, 'api-keys', tenant);
  return {
    id: `key_${keyedHash(root, `id:${idempotencyKey}`).slice(0, 16)}`,
    key: `tg_live_${keyedHash(root, `key:${idempotencyKey}`)}`,
  };
}

export const keyDocumentOf = ({ id, key }: MintedKey, sent: KeyBody, now: number): KeyDocument => ({
  id,
  hash: apiKeyHash(key),
  preview: keyPreview(key),
  name: sent.name ?? null,
  role: sent.role,
  agents: [...new Set(sent.agents)],
  createdAt: now,
  expiresAt: sent.expires_at === undefined ? null : Date.parse(sent.expires_at),
});

/** Whether a repeat asks for the very key that is there. */
export const isSameKey = (one: KeyDocument, other: KeyDocument): boolean =>
  isDeepStrictEqual(askedOf(one), askedOf(other));

/** A key as answered, without itself. */
export const keyAnswer = (key: KeyDocument) => ({
  id: key.id,
  key_preview: key.preview,
  name: key.name,
  role: key.role,
  agents: key.agents,
  created_at: isoTime(key.createdAt),
  expires_at: key.expiresAt === null ? null : isoTime(key.expiresAt),
});

const askedOf = ({ hash, name, role, agents, expiresAt }: KeyDocument) => ({ hash, name, role, agents, expiresAt });
