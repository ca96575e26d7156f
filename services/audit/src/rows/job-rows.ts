import { agentOfJob, type Task, type TollgateEvent } from '@tollgate/events';
import type { TimelineData, TimelineTable, TimelineType } from '@tollgate/store';
import { shownLeaseId } from './clear-task.js';
import { isoTime, type Row } from './row.js';

type EndedTask = Extract<TollgateEvent, { type: 'task-completed' | 'task-failed' | 'task-canceled' }>;

/** The end of a lease's job, on the timeline of its run; of a job that was only tried nothing (contract 3.2). */
export function jobRows(event: EndedTask): readonly Row<TimelineTable>[] {
  const { task } = event.data;
  const { job, state } = task;
  if (job === undefined || job.dryRun) return [];
  return [
    {
      id: event.id,
      tenant: event.tenant,
      run_id: job.runId,
      call_id: null,
      ts: isoTime(event.at),
      type: 'job_finished' satisfies TimelineType,
      status: state.is,
      duration_ms: Math.max(0, event.at - task.firstSeenAt),
      step: null,
      tool: null,
      req_id: null,
      lease_id: shownLeaseId(task) ?? null,
      agent_id: agentOfJob(job) ?? null,
      message: null,
      data: dataOf(state),
      source: 'system',
    },
  ];
}

const dataOf = (state: Task['state']): TimelineData => (state.is === 'failed' ? { error_code: state.errorCode } : {});
