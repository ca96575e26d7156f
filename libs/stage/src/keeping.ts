import { journalKept, NO_TENANT, type Draft, type PayloadPlace } from '@tollgate/events';
import type { Position } from '@tollgate/journal';
import type { Source } from './stage-definition.js';

/** How a state outlives the process that has it, and the oldest messages of its journal (rules 3 and 15). */
export interface Keeping<S> {
  /** Of the state's shape: a snapshot of another version is not read. */
  readonly version: number;
  /** How large the state is, roughly, in entries of half a kilobyte: an owner does not stop to write millions down. */
  sizeOf(state: S): number;
  /** Gives what was read from a snapshot its classes back; for states that have some. */
  revive?(plain: S): S;
  /** What was journaled before `before` (ms since the epoch) and still holds, as events that restore it. Read lazily. */
  carry?(state: S, before: number): Iterable<Draft>;
  /** Calls are here that are long past their deadline, after an outage: until they are ended, nothing is said of what is needed. */
  isBehind?(state: S, now: number): boolean;
  /** Large payloads in other streams that the state points at. */
  pointsAt?(state: S): Iterable<PayloadPlace>;
}

/** How often, and how early, a stage makes its journal's oldest messages needless. */
export interface KeepingTimes {
  /** What is older is journaled again, ms. */
  readonly carryAfterMs: number;
  /** Time between two looks, ms. */
  readonly everyMs: number;
  /** Events between two snapshots, at least. */
  readonly snapshotEvery: number;
}

const DAY_MS = 24 * 3_600_000;

/** For journals that are kept so many days: what still holds is carried a day before it could be purged. */
export const keepingTimes = (retentionDays: number): KeepingTimes => ({
  carryAfterMs: (retentionDays - 1) * DAY_MS,
  everyMs: 600_000,
  snapshotEvery: 10_000,
});

/**
 * What a stage needs once everything that was journaled before `from` and still holds has been journaled again: of its
 * inputs the message at each position, too, because a new owner looks whether it is still the same (rule 3).
 */
export function keptDraft(
  from: number,
  partition: number,
  sources: readonly Source[],
  positions: ReadonlyMap<string, Position>,
  places: Iterable<PayloadPlace>,
): Draft {
  const needs = sources.map(({ name, stream, subject }) => ({
    stream: stream(partition),
    ...(subject === undefined ? {} : { subject: subject(partition) }),
    seq: positions.get(name)?.seq ?? 0,
  }));
  return journalKept.draft(NO_TENANT, { from, needs: [...needs, ...firstPlaces(places)] });
}

function firstPlaces(places: Iterable<PayloadPlace>): { stream: string; seq: number }[] {
  const first = new Map<string, number>();
  for (const { stream, seq } of places) first.set(stream, Math.min(seq, first.get(stream) ?? seq));
  return [...first].map(([stream, seq]) => ({ stream, seq }));
}
