/** 2025-01-01T00:00:00Z in milliseconds: event ids count microseconds from here. */
const EPOCH_MS = 1_735_689_600_000;
const JOURNAL_BITS = 7;
const STEP = 2 ** JOURNAL_BITS;
const MAX_PARTITIONS = 16;

/** The writers of events; the place in this list is part of every id, so it only ever grows at the end (at most 8). */
const WRITERS = ['policy', 'lease', 'budget', 'dispatch'] as const;
export type JournalName = (typeof WRITERS)[number];

/**
 * The next id of a journal: microseconds since 2025 with the low seven bits replaced by partition and writer, always
 * above `last`. Ids of different journals never meet, fit 53 bits until the year 2310, and never change (rule 16).
 */
export function nextEventId(last: number, nowMs: number, journal: JournalName, partition: number): number {
  const slot = partition * 8 + WRITERS.indexOf(journal);
  const micros = Math.max(0, (nowMs - EPOCH_MS) * 1000);
  const candidate = Math.floor(micros / STEP) * STEP + slot;
  return candidate > last ? candidate : Math.floor(last / STEP) * STEP + STEP + slot;
}

export function partitionOf(tenant: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(tenant)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % Math.min(partitions, MAX_PARTITIONS);
}
