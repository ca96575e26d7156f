const BASE_MS = 200;
const MOST_MS = 5_000;

/** The wait behind attempt `attempt`: full jitter from 200 ms to 5 s (contract section 6). `chance` is in [0, 1). */
export const backoffMs = (attempt: number, chance: number): number =>
  Math.floor(chance * Math.min(MOST_MS, BASE_MS * 2 ** Math.max(0, attempt - 1)));

/** A chance that depends on the attempt alone, so that a decision is the same whenever it is made. */
export function chanceOf(callId: string, attempt: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${attempt}/${callId}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
