import type { MessageBus } from '@tollgate/journal';
import type { Source } from '../reading/source.js';
import { cutAt, startOf, type JournalCut, type JournalStart } from './journal-cut.js';

/** From when on a record can be made anew, and how far that takes each journal back. */
export interface Beginning {
  /** A midnight, UTC, ms since the epoch; -Infinity when the journals hold everything that is recorded. */
  readonly since: number;
  /** By source name. */
  readonly cuts: ReadonlyMap<string, JournalCut>;
}

/** What the record knows of times before a journal begins: also where that was made anew since. */
export interface Older {
  eventsOf(journal: Journal, beforeId: number): Promise<boolean>;
  counts(beforeMs: number): Promise<boolean>;
}

type Journal = Extract<Source, { kind: 'journal' }>;
type Reads = Pick<MessageBus, 'rangeOf' | 'message'>;

const DAY_MS = 24 * 3_600_000;

/**
 * The first midnight since which the journals hold everything: counts are kept by the hour and by the day, so what lies
 * before it stays as it is. Undefined when there is none yet.
 */
export async function beginningOf(
  bus: Reads,
  journals: readonly Journal[],
  older: Older,
  nowMs: number,
): Promise<Beginning | undefined> {
  const first = await firstMidnight(bus, journals, older);
  for (let since = first; since <= nowMs; since += DAY_MS) {
    const cuts = await cutsAt(bus, journals, since);
    if (cuts !== undefined) return { since, cuts };
    if (since === -Infinity) break;
  }
  return undefined;
}

async function firstMidnight(bus: Reads, journals: readonly Journal[], older: Older): Promise<number> {
  const starts = await Promise.all(journals.map(async (one) => [one, await startOf(bus, one.stream)] as const));
  const misses = await Promise.all(starts.map(([journal, start]) => missesBefore(journal, start, older)));
  if (Math.max(...misses) > -Infinity) return midnightAfter(Math.max(...misses));
  const oldest = Math.min(...starts.map(([, { at }]) => at));
  const counted = oldest < Infinity && (await older.counts(oldest));
  return counted ? midnightAfter(Math.max(...starts.map(([, { at }]) => (at === Infinity ? oldest : at)))) : -Infinity;
}

/** Until when there may have been events of a journal that it does not hold any more; -Infinity when it holds all. */
async function missesBefore(journal: Journal, { purged, at, id }: JournalStart, older: Older): Promise<number> {
  return purged || (await older.eventsOf(journal, id)) ? at : -Infinity;
}

const midnightAfter = (ms: number): number => (Math.floor(ms / DAY_MS) + 1) * DAY_MS;

async function cutsAt(
  bus: Reads,
  journals: readonly Journal[],
  since: number,
): Promise<ReadonlyMap<string, JournalCut> | undefined> {
  const cuts = new Map<string, JournalCut>();
  for (const { name, stream } of journals) {
    const cut = await cutAt(bus, stream, since);
    if (cut === undefined) return undefined;
    if (cut !== 'as it is') cuts.set(name, cut);
  }
  return cuts;
}
