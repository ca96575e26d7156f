import type { Job, Task } from '@tollgate/events';
import { storedTaskOf } from './stored-task.js';

const call = {
  callId: 'call_1',
  runId: 'r',
  agent: 'billing',
  tool: 'pay',
  argsHash: 'h',
  keyId: 'key_1',
  gateway: 'gw',
  waitUntil: 0,
  requestedAt: 0,
  deadline: 0,
  requestedId: 0,
};
const action = { call, args: { callId: 'call_1', inline: { p: {} } }, spend: 0, role: 'admin' } as const;
const storedJob = (change: Partial<Job>) => {
  const job: Job = { runId: 'r', dryRun: false, actions: [action], skipped: 0, ended: [], ...change };
  const task: Task = {
    key: 'k',
    state: { is: 'in_progress' },
    leaseId: 'lease_1',
    version: 1,
    ttlSec: 60,
    until: 0,
    firstSeenAt: 0,
    acquired: { version: 1, usage: 1, charged: 1 },
    job,
  };
  return storedTaskOf(task).job;
};

describe('a job as Redis keeps it', () => {
  it('says whose it is, whatever its release said, and nothing of what it is to do', () => {
    const rest = { runId: 'r', dryRun: false, skipped: 0, ended: [] };
    expect(storedJob({})).toEqual({ ...rest, agent: 'billing' });
    expect(storedJob({ agent: 'support', actions: [] })).toEqual({ ...rest, agent: 'support' });
    expect(storedJob({ actions: [] })).toEqual(rest);
  });
});
