import {
  actionBegun,
  actionEnded,
  taskCompleted,
  taskFailed,
  type Draft,
  type EndedAction,
  type Job,
  type RequestedCall,
  type Task,
} from '@tollgate/events';
import { NOON, passed, RESULT, TENANT } from './calls.js';
import { KEY, leaseOf } from './commands.js';
import { taskOf } from './tasks.js';

/** A job of calls with these ids; each pays with arguments of its own. */
export const jobOf = (callIds: readonly string[], changes: Partial<Job> = {}): Job => ({
  runId: KEY,
  dryRun: false,
  actions: callIds.map(actionOf),
  skipped: 0,
  ended: [],
  ...changes,
});

const actionOf = (callId: string): RequestedCall => {
  const { call, args } = callOf(callId);
  return { call: { ...call, requestedAt: 0, deadline: 0, requestedId: 0 }, args, spend: 0, role: 'agent' };
};

/** The call of an action, as policy passes it. */
export const callOf = (callId: string) => passed(callId, { terms: { dedupHash: `arguments of ${callId}` } });

const one = (callId: string, rest: Omit<EndedAction, 'tool' | 'callId'>): EndedAction => ({
  tool: 'pay',
  callId,
  ...rest,
});
export const ran = (callId: string): EndedAction => one(callId, { decision: 'executed', reason: 'ok', result: RESULT });
export const notRun = (callId: string, decision: 'blocked' | 'failed', reason: EndedAction['reason']): EndedAction =>
  one(callId, { decision, reason });

export const begun = (callId: string, by = 'a', key = KEY): Draft =>
  actionBegun.draft(TENANT, { key, leaseId: leaseOf(by), callId });
export const over = (ended: EndedAction, by = 'a', key = KEY): Draft =>
  actionEnded.draft(TENANT, { key, leaseId: leaseOf(by), ended });

/** How the job ends of itself; nobody has asked. */
export const jobCompleted = (job: Job, now = NOON, changes: Partial<Task> = {}): Draft =>
  taskCompleted.draft(TENANT, { task: taskOf('a', { ...changes, job, state: { is: 'completed', at: now } }) });
export const jobFailed = (job: Job, errorCode: string, now = NOON): Draft =>
  taskFailed.draft(TENANT, { task: taskOf('a', { job, state: { is: 'failed', at: now, errorCode } }) });
