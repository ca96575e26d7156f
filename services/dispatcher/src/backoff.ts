import { createHash } from 'node:crypto';

const BASE_MS = 200;
const MOST_MS = 5_000;

/** The wait behind attempt `attempt`: full jitter from 200 ms to 5 s (contract section 6). `chance` is in [0, 1). */
export const backoffMs = (attempt: number, chance: number): number =>
  Math.floor(chance * Math.min(MOST_MS, BASE_MS * 2 ** Math.max(0, attempt - 1)));

/** A chance that depends on the attempt alone, so that a decision is the same whenever it is made. */
export const chanceOf = (callId: string, attempt: number): number =>
  createHash('sha256').update(`${callId}/${attempt}`).digest().readUInt32BE(0) / 2 ** 32;
