import type { EndedAction, Lock, Reply, Task, TollgateEvent } from '@tollgate/events';
import { unreadableAction } from './ended-action.js';

/** A task of a tenant, and when the first event that it is made of was journaled (rule 15). */
export interface KnownTask {
  readonly tenant: string;
  readonly task: Task;
  readonly since: number;
}
export interface KnownLock {
  readonly tenant: string;
  readonly lock: Lock;
  readonly since: number;
}

/** An action that has begun and not ended: the job that it belongs to. */
export interface OpenAction {
  readonly tenant: string;
  readonly key: string;
  readonly leaseId: string;
  readonly begunAt: number;
  /** An owner before this one has journaled it, so that this one must put it into CALLS without having heard of it. */
  inherited?: true;
  /** How its call ended in this very stage; the job goes on by the timer. */
  readonly ended?: EndedAction;
}

/** What callers of check-lock and of the lease routes hold (contract sections 1 to 3.2). */
export interface TasksState {
  readonly tasks: Map<string, KnownTask>;
  readonly locks: Map<string, KnownLock>;
  /** Call → the action that it is. */
  readonly actions: Map<string, OpenAction>;
  /** Actions whose call this stage ended itself. */
  readonly endedHere: Set<string>;
  /** Commands of an hour → the broker's stamp of each: CALLS may hold one twice (rule 3). */
  readonly commands: Map<string, number>;
}

export const NEVER = Number.MAX_SAFE_INTEGER;
const HOUR_MS = 3_600_000;
/** A finished task is remembered for seven days (contract section 2). */
export const REMEMBERED_MS = 7 * 24 * HOUR_MS;
const COMMANDS_REMEMBERED_MS = HOUR_MS;

export const initialTasksState = (): TasksState => ({
  tasks: new Map(),
  locks: new Map(),
  actions: new Map(),
  endedHere: new Set(),
  commands: new Map(),
});

/** Keys may hold any character but control characters, so this separator keeps tuples apart. */
export const taskKeyOf = (tenant: string, key: string): string => `${tenant}\u0000${key}`;

export function evolveTasks(state: TasksState, event: TollgateEvent): void {
  const { tenant, at } = event;
  switch (event.type) {
    case 'owner-changed':
      for (const action of state.actions.values()) action.inherited = true;
      return;
    case 'lock-taken':
    case 'lock-carried':
      state.locks.set(taskKeyOf(tenant, event.data.lock.key), { tenant, lock: event.data.lock, since: at });
      break;
    case 'task-acquired':
    case 'task-completed':
    case 'task-failed':
    case 'task-canceled':
    case 'task-expired':
    case 'task-reset':
      setTask(state, tenant, event.data.task, at);
      break;
    case 'task-extended':
    case 'task-carried':
      setTask(state, tenant, event.data.task, at);
      restateAction(state, tenant, event.data.task, at);
      break;
    case 'action-begun': {
      const { key, leaseId, callId } = event.data;
      state.actions.set(callId, { tenant, key, leaseId, begunAt: at });
      break;
    }
    case 'action-ended':
      actionEnded(state, taskKeyOf(tenant, event.data.key), event.data.leaseId, event.data.ended);
      break;
    default:
      break;
  }
  if ('reply' in event.data && event.data.reply !== undefined) remember(state.commands, event.data.reply);
}

/** The action that a running job waits for is no older than the job's last word of itself, or it would be forgotten before it (rule 15). */
function restateAction(state: TasksState, tenant: string, task: Task, at: number): void {
  const callId = openActionOf(task);
  // What has ended is noted before anything is said of what is needed.
  if (callId === undefined || state.endedHere.has(callId)) return;
  const { key, leaseId } = task;
  state.actions.set(callId, { tenant, key, leaseId, begunAt: at });
}

/** The call that a job waits for; one that runs always does. */
const openActionOf = ({ state, job }: Task): string | undefined =>
  state.is === 'in_progress' ? job?.actions[job.ended.length]?.call.callId : undefined;

/** How an action ended cannot be read: nobody knows what became of it, and its job must not wait for ever (rule 14). */
export function actionEndParked(state: TasksState, callId: string, inputType: string | undefined): void {
  if (inputType === undefined || !ENDINGS.has(inputType)) return;
  actionEndedHere(state, callId, unreadableAction(toolOfAction(state, callId), callId));
}

export function toolOfAction(state: TasksState, callId: string): string {
  const action = state.actions.get(callId);
  const job = action && state.tasks.get(taskKeyOf(action.tenant, action.key))?.task.job;
  return job?.actions.find(({ call }) => call.callId === callId)?.call.tool ?? '';
}

const ENDINGS: ReadonlySet<string> = new Set(['blocked', 'failed', 'executed', 'in-doubt']);

/** What this stage ended itself is an input of the job as well. */
export function actionEndedHere(state: TasksState, callId: string, ended: EndedAction): void {
  const action = state.actions.get(callId);
  if (action === undefined) return;
  state.actions.set(callId, { ...action, ended });
  state.endedHere.add(callId);
}

function setTask(state: TasksState, tenant: string, task: Task, at: number): void {
  state.tasks.set(taskKeyOf(tenant, task.key), { tenant, task, since: at });
}

function actionEnded(state: TasksState, taskKey: string, leaseId: string, ended: EndedAction): void {
  state.actions.delete(ended.callId);
  state.endedHere.delete(ended.callId);
  const known = state.tasks.get(taskKey);
  const job = known?.task.job;
  // Whoever leased the key since is not concerned.
  if (known === undefined || job === undefined || known.task.leaseId !== leaseId) return;
  const task = { ...known.task, job: { ...job, ended: [...job.ended, ended] } };
  state.tasks.set(taskKey, { ...known, task });
}

/** The lease of a job that the server runs does not expire (contract 3.2). */
export const expires = ({ state, job }: Task): boolean => state.is === 'in_progress' && job === undefined;

/** Until when a task says something to somebody, ms since the epoch. */
export const rememberedUntil = ({ state }: Task): number =>
  state.is === 'in_progress' ? NEVER : state.at + REMEMBERED_MS;

/** Whatever was journaled before `from` and still holds has been carried; what half a journal left behind goes (rule 15). */
export function keptTasks({ tasks, locks, actions, endedHere, commands }: TasksState, from: number): void {
  for (const [key, { since }] of tasks) if (since < from) tasks.delete(key);
  for (const [key, { since }] of locks) if (since < from) locks.delete(key);
  for (const [callId, { begunAt }] of actions) {
    if (begunAt >= from) continue;
    actions.delete(callId);
    endedHere.delete(callId);
  }
  for (const [commandId, stampMs] of commands) if (stampMs < from) commands.delete(commandId);
}

/** Forgets what is past. */
export function sweepTasks({ tasks, locks }: TasksState, now: number): void {
  for (const [key, { task }] of tasks) if (rememberedUntil(task) <= now) tasks.delete(key);
  for (const [key, { lock }] of locks) if (lock.until <= now) locks.delete(key);
}

/** Two copies of a command lie near each other in CALLS: those of an hour before this one are needed no more. */
function remember(commands: Map<string, number>, { commandId, stampMs }: Reply): void {
  for (const [known, stamped] of commands) {
    if (stamped > stampMs - COMMANDS_REMEMBERED_MS) break;
    commands.delete(known);
  }
  commands.set(commandId, stampMs);
}
