import { taskExpired, type Draft } from '@tollgate/events';
import type { LeaseState } from '../lease.state.js';
import { actionHasEnded } from './jobs.js';
import { expires, NEVER } from './tasks.state.js';

const AT_ONCE = 100;
/** A scan of all tasks is not made for each of them: deadlines that pass within a second are one. */
const TOGETHER_MS = 1_000;

/** What the clock decides: jobs whose action this stage ended itself go on, and deadlines pass. */
export function decideTasksDue(state: LeaseState, now: number): readonly Draft[] {
  for (const callId of state.tasks.endedHere) {
    const ended = state.tasks.actions.get(callId)?.ended;
    if (ended !== undefined) return actionHasEnded(state, ended, now);
  }
  return state.nextDue > now ? [] : expire(state, now);
}

function expire(state: LeaseState, now: number): readonly Draft[] {
  const drafts: Draft[] = [];
  let nextDue = NEVER;
  for (const { tenant, task } of state.tasks.tasks.values()) {
    if (!expires(task)) continue;
    if (task.until > now || drafts.length >= AT_ONCE) nextDue = Math.min(nextDue, task.until);
    else drafts.push(taskExpired.draft(tenant, { task: { ...task, state: { is: 'expired', at: now } } }));
  }
  // Not part of what is folded: only a bound on when to look again, and at once for what one decision leaves over.
  state.nextDue = drafts.length > 0 || nextDue === NEVER ? nextDue : Math.max(nextDue, now + TOGETHER_MS);
  return drafts;
}

export function nextTaskAt({ tasks, nextDue }: LeaseState): number | undefined {
  if (tasks.endedHere.size > 0) return 0;
  return nextDue === NEVER ? undefined : nextDue;
}
