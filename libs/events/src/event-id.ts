/** 2025-01-01T00:00:00Z in milliseconds: event ids count microseconds from here. */
const EPOCH_MS = 1_735_689_600_000;
const JOURNAL_BITS = 7;
const STEP = 2 ** JOURNAL_BITS;
const MAX_PARTITIONS = 16;
/** Of each step these belong to one partition. */
const SLOTS = 8;

/** The writers of events; the place in this list is part of every id, so it only ever grows at the end (at most 8). */
const WRITERS = ['policy', 'lease', 'budget', 'dispatch'] as const;
export type JournalName = (typeof WRITERS)[number];

/**
 * The next id of a journal: microseconds since 2025 with the low seven bits replaced by partition and writer, always
 * above `last`. Ids of different journals never meet, fit 53 bits until the year 2310, and never change (rule 16).
 */
export function nextEventId(last: number, nowMs: number, journal: JournalName, partition: number): number {
  const slot = partition * SLOTS + WRITERS.indexOf(journal);
  const candidate = Math.floor(idOfTime(nowMs) / STEP) * STEP + slot;
  return candidate > last ? candidate : Math.floor(last / STEP) * STEP + STEP + slot;
}

/** Where a time stands among event ids. */
export const idOfTime = (ms: number): number => Math.max(0, (ms - EPOCH_MS) * 1000);

/** The time of an id, ms since the epoch. */
export const timeOfId = (id: number): number => EPOCH_MS + id / 1000;

/** Whole steps within a millisecond. */
const STEPS = 7;

/**
 * The id of a note, which no stage gives one: made of what the broker says of its message (stamp in ms, sequence), so
 * that whoever looks at that message comes to the same. It is never that of an event of the note's own tenant, whose
 * partition uses {@link SLOTS} of each step, and that of another note only if 840 are stored within a millisecond.
 */
export function noteId(stampMs: number, seq: number, partition: number): number {
  const free = STEP - SLOTS;
  const place = seq % (STEPS * free);
  const slot = place % free;
  const step = Math.ceil(idOfTime(stampMs) / STEP) + Math.floor(place / free);
  return step * STEP + (slot < partition * SLOTS ? slot : slot + SLOTS);
}

export function partitionOf(tenant: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(tenant)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % Math.min(partitions, MAX_PARTITIONS);
}
