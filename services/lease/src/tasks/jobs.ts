import {
  actionBegun,
  actionEnded,
  taskCompleted,
  taskFailed,
  type Draft,
  type EndedAction,
  type RequestedCall,
  type Task,
} from '@tollgate/events';
import type { LeaseState } from '../lease.state.js';
import { taskKeyOf } from './tasks.state.js';

/**
 * What a running job does next: its next action begins, or it ends. An action is one governed call whose id the gateway
 * made of the lease and its place, so that no worker, lease or clock can run it twice (rule 18).
 */
export function nextOfJob(tenant: string, task: Task, now: number): readonly Draft[] {
  const { job, key, leaseId } = task;
  if (job === undefined || task.state.is !== 'in_progress') return [];
  const bad = job.ended.find((one) => errorCodeOf(one) !== undefined);
  if (bad !== undefined) {
    const state = { is: 'failed', at: now, errorCode: errorCodeOf(bad) ?? 'tool_error' } as const;
    return [taskFailed.draft(tenant, { task: { ...task, state } })];
  }
  const next = job.actions[job.ended.length];
  if (next === undefined)
    return [taskCompleted.draft(tenant, { task: { ...task, state: { is: 'completed', at: now } } })];
  return [actionBegun.draft(tenant, { key, leaseId, callId: next.call.callId })];
}

/** The word that ends a job, of a blocked or failed action (contract 3.2). */
function errorCodeOf({ decision, reason }: EndedAction): string | undefined {
  if (decision === 'blocked') return 'policy_blocked';
  if (decision !== 'failed') return undefined;
  return reason === 'tool_not_found' || reason === 'tool_disabled' || reason === 'outcome_unknown'
    ? reason
    : 'tool_error';
}

/** An action's call has ended: that is noted, and the job goes on unless its holder has stopped it. */
export function actionHasEnded(state: LeaseState, ended: EndedAction, now: number): readonly Draft[] {
  const action = state.tasks.actions.get(ended.callId);
  if (action === undefined) return [];
  const { tenant, key, leaseId } = action;
  const known = state.tasks.tasks.get(taskKeyOf(tenant, key))?.task;
  const noted = actionEnded.draft(tenant, { key, leaseId, ended });
  if (known?.job === undefined || known.leaseId !== leaseId) return [noted];
  const after: Task = { ...known, job: { ...known.job, ended: [...known.job.ended, ended] } };
  return [noted, ...nextOfJob(tenant, after, now)];
}

/** The call has come to this stage, which has ended it, or will hear of its end. */
export const isHere = ({ waiting, holders, checking, tasks }: LeaseState, callId: string): boolean =>
  waiting.has(callId) || holders.has(callId) || checking.has(callId) || tasks.endedHere.has(callId);

/** The call of an action that has begun and is not known to have ended. */
export function callOfAction(state: LeaseState, callId: string): { tenant: string; call: RequestedCall } | undefined {
  const action = state.tasks.actions.get(callId);
  const known = action && state.tasks.tasks.get(taskKeyOf(action.tenant, action.key));
  const call = known?.task.job?.actions.find((one) => one.call.callId === callId);
  return known === undefined || call === undefined ? undefined : { tenant: known.tenant, call };
}
