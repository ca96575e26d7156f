import { randomBytes } from 'node:crypto';
import { SealingError } from './sealing-error.js';

/** A 256-bit AES key under the name that envelopes carry. */
export interface SealingKey {
  readonly id: string;
  readonly key: Buffer;
}

const KEY_BYTES = 32;
const API_KEY_PREFIX = 'tg_live_';
const SHOWN_FROM_LENGTH = 16;
const KEY_ID = /^[A-Za-z0-9_.-]{1,64}$/;
const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Reads `id:base64(32 bytes)` entries, separated by commas or line ends, `#` starting a comment line. The first is the
 * current key, the others only open what was sealed before. One format serves the environment variable and the file.
 *
 * @throws SealingError `bad_key_list`, naming the entry by its position, never by its text.
 */
export function parseSealingKeys(text: string): readonly SealingKey[] {
  const keys = entriesOf(text).map(parseEntry);
  if (keys.length === 0) throw new SealingError('bad_key_list', 'there is no sealing key in the list');
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) {
    throw new SealingError('bad_key_list', 'two sealing keys have the same id');
  }
  return keys;
}

export function formatSealingKey({ id, key }: SealingKey): string {
  return `${id}:${key.toString('base64')}`;
}

/** A fresh key with a random id, for the launcher and for rotation. */
export function mintSealingKey(): SealingKey {
  return { id: `k${randomBytes(4).toString('hex')}`, key: randomBytes(KEY_BYTES) };
}

/** A new API key: 256 random bits behind a prefix that secret scanners can recognise. */
export function mintApiKey(): string {
  return `${API_KEY_PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
}

/** Enough to tell keys apart in a list, too little to guess one. */
export function apiKeyPreview(key: string): string {
  const prefix = key.startsWith(API_KEY_PREFIX) ? API_KEY_PREFIX : '';
  return key.length - prefix.length >= SHOWN_FROM_LENGTH ? `${prefix}…${key.slice(-4)}` : `${prefix}…`;
}

function entriesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function parseEntry(entry: string, index: number): SealingKey {
  const [id = '', encoded = ''] = entry.split(':');
  if (!KEY_ID.test(id) || entry.split(':').length !== 2 || !BASE64_OF_32_BYTES.test(encoded)) {
    throw new SealingError('bad_key_list', `sealing key ${index + 1} is not id:base64 of ${KEY_BYTES} bytes`);
  }
  return { id, key: Buffer.from(encoded, 'base64') };
}
