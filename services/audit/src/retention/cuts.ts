import type { DataOf, JournalName, journalKept } from '@tollgate/events';
import { JOURNALS, journalStream } from '@tollgate/journal';

/** What a stage last said it still needs. */
export type Kept = DataOf<typeof journalKept>;

/** What of a stream, or of one of its subjects, nobody needs any more. */
export interface Cut {
  readonly stream: string;
  readonly subject?: string;
  /** First sequence that stays. */
  readonly before: number;
  /** Only what the broker stamped earlier, ms since the epoch. */
  readonly olderThanMs: number;
}

/** Events are stamped some seconds after their own time, and clocks differ: far more than both. */
const MARGIN_MS = 3_600_000;

/**
 * How far the streams of one partition may be purged: behind every stage that reads them, behind every projection, not
 * before `keptMs` have passed, and of a journal only what its stage has journaled again (rule 15). As long as one stage
 * has said nothing, nothing is.
 *
 * @param reached Last sequence of a stream that every projection has stored.
 */
export function cutsOf(
  partition: number,
  kept: ReadonlyMap<JournalName, Kept>,
  reached: (stream: string) => number,
  nowMs: number,
  keptMs: number,
): readonly Cut[] {
  if (JOURNALS.some((journal) => !kept.has(journal))) return [];
  const needs = [...kept.values()].flatMap((one) => one.needs);
  const oldest = nowMs - keptMs;
  const journals = JOURNALS.map((journal): Cut => {
    const stream = journalStream(journal, partition);
    const needed = needs.filter((need) => need.stream === stream).map(({ seq }) => seq);
    const from = kept.get(journal)?.from ?? 0;
    return {
      stream,
      before: Math.min(reached(stream), ...needed),
      olderThanMs: Math.min(from, oldest) - MARGIN_MS,
    };
  });
  const subjects = [...kept.values()].flatMap(({ from, needs: ofOne }) =>
    subjectCuts(ofOne, Math.min(from, oldest) - MARGIN_MS),
  );
  return [...journals, ...subjects];
}

/**
 * A subject has one reader: what that has passed, but for its last position and for large payloads that it points at, is
 * needed by nobody. What is old its reader says, too: nobody watches audit's clock.
 */
const subjectCuts = (needs: Kept['needs'], olderThanMs: number): Cut[] =>
  needs.flatMap(({ stream, subject, seq }) => {
    if (subject === undefined) return [];
    const places = needs.filter((need) => need.stream === stream && need.subject === undefined).map((need) => need.seq);
    return [{ stream, subject, before: Math.min(seq, ...places), olderThanMs }];
  });
