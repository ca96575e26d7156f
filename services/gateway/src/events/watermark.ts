import type { Watermark } from '@tollgate/journal';
import type { Ends } from '../reads/lag.js';

/** How far the record has one journal. */
export interface Head {
  readonly seq: number;
  /** Who wrote the last message of it. */
  readonly epoch: string | null;
  readonly lastId: number | null;
}

/**
 * Up to which id the record has everything, of all journals (rule 16). Ids of one journal grow, so what is there of it is
 * a watermark by itself. The word of its owner reaches further, given before the ends were asked for: the record has
 * everything up to there, and its last message is that owner's, so that nobody else had taken over when it was given.
 *
 * @param ends Undefined when the record has not reached them, or nobody knows them.
 */
export function recordWatermark(
  journals: readonly string[],
  heads: ReadonlyMap<string, Head>,
  words: ReadonlyMap<string, Watermark>,
  ends: Ends | undefined,
): number {
  return Math.min(
    ...journals.map((journal) => {
      const [head, word, end] = [heads.get(journal), words.get(journal), ends?.get(journal)];
      const recorded = head?.lastId ?? 0;
      const counts = end !== undefined && head !== undefined && head.seq >= end && head.epoch === word?.epoch;
      return counts && word !== undefined ? Math.max(recorded, word.id) : recorded;
    }),
  );
}
