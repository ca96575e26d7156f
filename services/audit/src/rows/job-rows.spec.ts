import {
  taskAcquired,
  taskCanceled,
  taskCompleted,
  taskFailed,
  type Draft,
  type Job,
  type Task,
  type TaskState,
} from '@tollgate/events';
import { eventAt, header, NOON, recordedAt } from '../spec/events.js';
import { taskIs } from '../spec/tasks.js';
import { timelineRows } from './timeline-rows.js';

const reply = { commandId: 'cmd_1', gateway: 'g', stampMs: NOON };
const credits = { plan: 'free', usage: 17, limit: 3_000, charged: 1 };
const call = header('call_1', { runId: 'run_1' });
const action = { call, args: { callId: call.callId, inline: { p: {} } }, spend: 0, role: 'admin' } as const;
const job: Job = { runId: 'run_1', dryRun: false, actions: [action], skipped: 0, ended: [] };

const task = (state: TaskState, more: Partial<Task> = {}): Task => taskIs(state, { job, ...more });
const failed = task({ is: 'failed', at: NOON, errorCode: 'policy_blocked' });
const rowsOf = (draft: Draft) => timelineRows(recordedAt('lease', eventAt('lease', 1_500, draft)));

describe('the timeline of a job', () => {
  it('given it failed: says so, why, how long it took, and whose lease it was', () => {
    const [row, ...others] = rowsOf(taskFailed.draft('acme', { task: failed }));
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      tenant: 'acme',
      run_id: 'run_1',
      type: 'job_finished',
      status: 'failed',
      duration_ms: 1_500,
      lease_id: 'lease_1',
      agent_id: 'billing',
      call_id: null,
      data: { error_code: 'policy_blocked' },
      source: 'system',
    });
  });

  it('given it completed, or its holder gave it up: says that', () => {
    const completed = taskCompleted.draft('acme', { task: task({ is: 'completed', at: NOON }) });
    const canceled = taskCanceled.draft('acme', { task: task({ is: 'canceled', at: NOON }), reply });
    expect([completed, canceled].flatMap(rowsOf).map(({ status, data }) => [status, data])).toEqual([
      ['completed', {}],
      ['canceled', {}],
    ]);
  });

  it('is that of its agent, also without actions; without either it is nobody’s', () => {
    const agentOf = (change: Partial<Job>) =>
      rowsOf(taskFailed.draft('acme', { task: { ...failed, job: { ...job, ...change } } })).map((row) => row.agent_id);
    expect(agentOf({ agent: 'support', actions: [] })).toEqual(['support']);
    expect(agentOf({ actions: [] })).toEqual([null]);
  });

  it('has nothing of a lease without a job, of one that still runs, and of a job that was only tried', () => {
    const { job: _, ...plain } = failed;
    const tried = { ...failed, job: { ...job, dryRun: true, actions: [] } };
    const running = task({ is: 'in_progress' });
    expect(rowsOf(taskFailed.draft('acme', { task: plain, reply }))).toEqual([]);
    expect(rowsOf(taskAcquired.draft('acme', { task: running, credits, reply }))).toEqual([]);
    expect(rowsOf(taskFailed.draft('acme', { task: tried }))).toEqual([]);
  });
});
