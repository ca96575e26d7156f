import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalJson } from './hashing.js';
import type { JsonValue } from './json.js';
import type { SealingKey } from './keys.js';
import { SealingError } from './sealing-error.js';

/**
 * A value that travels sealed: the key's id and base64(nonce | ciphertext | tag). With sealing off the value itself
 * stands in `p`, so that a reader tells the two apart without knowing how the writer was set.
 */
export type SealedEnvelope = { readonly k: string; readonly b: string } | { readonly p: JsonValue };

/** What an envelope is bound to: opened for another tenant or another call it is refused. */
export interface SealedFor {
  readonly tenant: string;
  /** The call's id; what belongs to no call (a tool's secret) names itself here instead. */
  readonly callId: string;
}

export interface Sealer {
  seal(value: JsonValue, aad: SealedFor): SealedEnvelope;
  /** @throws SealingError `unknown_key` when the key is not in the list any more, `bad_envelope` for everything else. */
  open(envelope: unknown, aad: SealedFor): JsonValue;
}

export interface SealerOptions {
  /** The first is current and seals; every one of them opens. */
  readonly keys: readonly SealingKey[];
  /** `off` leaves values readable in the journals: for tests and debugging only. Opening works in either mode. */
  readonly mode: 'on' | 'off';
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a random 96-bit nonce. One key is good for 2^32 envelopes (NIST SP 800-38D, section 8.3): rotate by
 * putting a new one in front of the list.
 */
export function createSealer({ keys, mode }: SealerOptions): Sealer {
  const [current] = keys;
  if (current === undefined) throw new SealingError('bad_key_list', 'a sealer needs at least one key');
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    seal: (value, aad) => (mode === 'off' ? { p: value } : sealWith(current, value, aad)),
    open: (envelope, aad) => openWith(byId, parseEnvelope(envelope), aad),
  };
}

function sealWith({ id, key }: SealingKey, value: JsonValue, aad: SealedFor): SealedEnvelope {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(aad));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return { k: id, b: Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64') };
}

function openWith(keys: ReadonlyMap<string, SealingKey>, envelope: SealedEnvelope, aad: SealedFor): JsonValue {
  if ('p' in envelope) return envelope.p;
  const key = keys.get(envelope.k);
  if (key === undefined) throw new SealingError('unknown_key', 'the key that sealed this is not in the list');
  try {
    return JSON.parse(decrypt(key.key, Buffer.from(envelope.b, 'base64'), aad)) as JsonValue;
  } catch {
    // The cause is left out on purpose: a parser's message quotes what it could not read.
    throw new SealingError('bad_envelope', 'the envelope was changed, or sealed for another call');
  }
}

function decrypt(key: Buffer, box: Buffer, aad: SealedFor): string {
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(aad));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  const ciphertext = box.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
}

/** An array, not a concatenation: ("a", "bc") and ("ab", "c") must not be the same. */
function associatedData({ tenant, callId }: SealedFor): Buffer {
  return Buffer.from(canonicalJson([tenant, callId]), 'utf8');
}

function parseEnvelope(envelope: unknown): SealedEnvelope {
  if (typeof envelope === 'object' && envelope !== null) {
    if ('p' in envelope && envelope.p !== undefined) return { p: envelope.p as JsonValue };
    if ('k' in envelope && 'b' in envelope && typeof envelope.k === 'string' && typeof envelope.b === 'string') {
      return { k: envelope.k, b: envelope.b };
    }
  }
  throw new SealingError('bad_envelope', 'this is no envelope');
}
