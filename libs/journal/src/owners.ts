import { z } from 'zod';

/** The word that an owner or candidate puts on its subject of OWNERS. */
const word = z.object({
  owner: z.string(),
  /** Grows with every heartbeat, so that each is a different message. */
  beat: z.number().int(),
  /** Said on a clean end: take over at once. */
  released: z.boolean(),
});
export type OwnerWord = z.output<typeof word>;

/** Ownership is claimed by a compare-and-set on the subject; it only decides who tries, never who may write (rule 1). */
export const HEARTBEAT_MS = 1_000;
/** A standby that has seen no new heartbeat for so long, by its own monotonic clock, claims. */
export const SILENCE_MS = 3_000;

export const encodeWord = (value: OwnerWord): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Undefined for a word nobody can read: treated as silence. */
export function decodeWord(bytes: Uint8Array): OwnerWord | undefined {
  try {
    return word.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/** What a standby has seen of the owner so far. */
export interface Watch {
  readonly seq: number;
  readonly word: OwnerWord | undefined;
  /** Monotonic milliseconds when `seq` was first seen. */
  readonly since: number;
}

export const watchFrom = (seen: Watch | undefined, seq: number, data: OwnerWord | undefined, mono: number): Watch =>
  seen?.seq === seq ? seen : { seq, word: data, since: mono };

/** `me` claims again at once what it lost by a broken connection: no life of it is left that could beat. */
export function mayClaim(watch: Watch, me: string, mono: number): boolean {
  if (watch.seq === 0 || watch.word?.released === true || watch.word?.owner === me) return true;
  return mono - watch.since >= SILENCE_MS;
}
