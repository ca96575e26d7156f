import { agentOfJob, type Job, type Payload, type PayloadPlace, type Task } from '@tollgate/events';

/** A task as Redis keeps it: where its results are, never the results, and nothing of what its job is to do. */
export type StoredTask = Omit<Task, 'job' | 'repeatHash'> & { readonly job?: Omit<Job, 'actions'> };

/** Of a task in an event that lies at `place`; without one its small results stay with it, for who answers at once. */
export function storedTaskOf({ job, repeatHash: _, ...task }: Task, place?: PayloadPlace): StoredTask {
  const { state } = task;
  const placed = (result: Payload): Payload =>
    place === undefined || 'place' in result ? result : { callId: result.callId, place };
  return {
    ...task,
    ...(state.is === 'completed' && state.result !== undefined
      ? { state: { ...state, result: placed(state.result) } }
      : {}),
    ...(job === undefined ? {} : { job: storedJob(job, placed) }),
  };
}

function storedJob(job: Job, placed: (result: Payload) => Payload): Omit<Job, 'actions'> {
  const { actions: _, ...stored } = job;
  const agent = agentOfJob(job);
  const ended = job.ended.map((one) => (one.result === undefined ? one : { ...one, result: placed(one.result) }));
  return { ...stored, ...(agent === undefined ? {} : { agent }), ended };
}

export const encodeStoredTask = (task: StoredTask): string => JSON.stringify(task);
export const decodeStoredTask = (text: string): StoredTask => JSON.parse(text) as StoredTask;

/** A finished task is remembered for seven days (contract section 2). */
export const TASK_REMEMBERED_MS = 7 * 24 * 3_600_000;
