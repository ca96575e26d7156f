import { idOfTime } from '@tollgate/events';

/**
 * Up to which id nothing more will be journaled, by this owner or one after it (rule 16). What is decided and not
 * acknowledged yet may still come. And no owner speaks of what lies ahead of its clock: a new one begins above the
 * broker's stamp of its `owner-changed` and the clock bound, which is above everything its predecessors can have said.
 *
 * @param unacknowledged Id of the first event that is decided and not known to be in the journal.
 */
export function watermarkOf(nowMs: number, unacknowledged: number | undefined): number {
  const clock = Math.floor(idOfTime(nowMs));
  return unacknowledged === undefined ? clock : Math.min(clock, unacknowledged - 1);
}

/** Above everything that an owner before can have said, given when the broker stored `owner-changed`. */
export const aboveAllWatermarks = (stampMs: number, clockBoundMs: number): number =>
  Math.ceil(idOfTime(stampMs + clockBoundMs));
