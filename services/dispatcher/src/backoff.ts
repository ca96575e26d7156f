import { createHash } from 'node:crypto';
import type { DispatchedCall } from './dispatch.state.js';

const BASE_MS = 200;
const MOST_MS = 5_000;
/** From the first attempt to the last, questions included (contract section 6). */
const ALL_ATTEMPTS_MS = 600_000;

/** The wait behind attempt `attempt`: full jitter from 200 ms to 5 s (contract section 6). `chance` is in [0, 1). */
export const backoffMs = (attempt: number, chance: number): number =>
  Math.floor(chance * Math.min(MOST_MS, BASE_MS * 2 ** Math.max(0, attempt - 1)));

/** A chance that depends on what comes next alone, so that a decision is the same whenever it is made. */
export const chanceOf = (callId: string, next: number | string): number =>
  createHash('sha256').update(`${callId}/${next}`).digest().readUInt32BE(0) / 2 ** 32;

/** The time itself, unless nothing of the call may be sent any more by then. */
export const inTime = ({ leased, queuedAt }: DispatchedCall, at: number): number | undefined =>
  at < Math.min(leased.call.deadline, queuedAt + ALL_ATTEMPTS_MS) ? at : undefined;
