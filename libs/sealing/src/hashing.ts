import { createHash, createHmac, hkdfSync } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonValue } from './json.js';
import type { SealingKey } from './keys.js';
import { SealingError } from './sealing-error.js';

/** RFC 8785: two values are equal exactly when these texts are. Throws on what JSON cannot say (NaN, lone surrogates). */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** HMAC-SHA256 in base64url. Short texts such as `{"amount":100}` cannot be guessed back without the key. */
export function keyedHash(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('base64url');
}

/**
 * A key of 32 bytes for one purpose of one tenant (HKDF-SHA256, RFC 5869).
 *
 * It comes from the OLDEST sealing key, the last of the list: a rotation puts a new key in front and must not change
 * the hashes of arguments that people compare over time. When the oldest key is taken off the list they do change.
 */
export function deriveKey(keys: readonly SealingKey[], purpose: string, tenant: string): Buffer {
  const root = keys.at(-1);
  if (root === undefined) throw new SealingError('bad_key_list', 'there is no key to derive from');
  const info = Buffer.from(canonicalJson(['tollgate', purpose, tenant]), 'utf8');
  return Buffer.from(hkdfSync('sha256', root.key, Buffer.alloc(0), info, 32));
}

/**
 * How an API key is stored and looked up: SHA-256 in hex. A plain hash is enough, and a slow one would only cost time
 * on every request: minted keys have 256 random bits, so there is nothing to guess.
 */
export function apiKeyHash(apiKey: string): string {
  return createHash('sha256').update(apiKey, 'utf8').digest('hex');
}

export interface OutgoingKeyParts {
  readonly tenant: string;
  readonly agent: string;
  readonly tool: string;
  /** The scope in which the tool was found. */
  readonly scope: string;
  readonly dedupKey: string;
  /** The first call that claimed the dedup key since it was last free. */
  readonly claim: string;
}

/** The idempotency key that a tool sees. Length-prefixed parts: no two different sets of parts share one text. */
export function outgoingKey({ tenant, agent, tool, scope, dedupKey, claim }: OutgoingKeyParts): string {
  const hash = createHash('sha256');
  for (const part of [tenant, agent, tool, scope, dedupKey, claim]) {
    const bytes = Buffer.from(part, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return `tg_${hash.digest('base64url')}`;
}
