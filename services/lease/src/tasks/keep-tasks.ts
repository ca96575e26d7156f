import { lockCarried, taskCarried, usageCarried, type Draft, type PayloadPlace } from '@tollgate/events';
import { monthOf } from '../credits/credits.state.js';
import type { LeaseState } from '../lease.state.js';
import { rememberedUntil } from './tasks.state.js';

/** Locks, tasks and credits that were first journaled before `before` and still hold, as they are now (rule 15). */
export function* carryTasks({ tasks: { tasks, locks }, credits }: LeaseState, before: number): Iterable<Draft> {
  for (const { tenant, lock, since } of locks.values()) {
    if (since < before && lock.until > before) yield lockCarried.draft(tenant, { lock });
  }
  for (const { tenant, task, since } of tasks.values()) {
    if (since < before && rememberedUntil(task) > before) yield taskCarried.draft(tenant, { task });
  }
  for (const [tenant, { usage, since }] of credits) {
    if (since < before && usage.month >= monthOf(before)) yield usageCarried.draft(tenant, { usage });
  }
}

/** Entries of half a kilobyte, roughly. */
export const sizeOfTasks = ({ tasks: { tasks, locks } }: LeaseState): number => tasks.size + locks.size;

/** Large results of tasks, and of the actions of jobs. */
export function* taskResultPlaces({ tasks }: LeaseState): Iterable<PayloadPlace> {
  for (const { task } of tasks.tasks.values()) {
    const results = [
      ...(task.state.is === 'completed' ? [task.state.result] : []),
      ...(task.job?.ended ?? []).map(({ result }) => result),
    ];
    for (const result of results) if (result !== undefined && 'place' in result) yield result.place;
  }
}
