const MINTED_PREFIX = 'tg_live_';
const SHOWN_FROM_LENGTH = 16;

/** Enough to tell keys apart in a list, too little to guess one. */
export function keyPreview(key: string): string {
  const prefix = key.startsWith(MINTED_PREFIX) ? MINTED_PREFIX : '';
  return key.length - prefix.length >= SHOWN_FROM_LENGTH ? `${prefix}…${key.slice(-4)}` : `${prefix}…`;
}
