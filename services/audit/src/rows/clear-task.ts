import type { Credits, Lock, Task } from '@tollgate/events';

/** A lease id is its holder's capability: it is shown once the holder has used it up (contract section 2). */
export const shownLeaseId = ({ state, leaseId }: Task): string | undefined =>
  state.is === 'completed' || state.is === 'failed' || state.is === 'canceled' ? leaseId : undefined;

/** What anybody may read of a task: neither its result nor what its job is to do. */
export const clearTask = (task: Task): object => ({
  key: task.key,
  state: task.state.is,
  lease_id: shownLeaseId(task),
  version: task.version,
  ttl_sec: task.ttlSec,
  until: task.until,
  first_seen_at: task.firstSeenAt,
  ...(task.state.is === 'completed' ? { result_hash: task.state.resultHash } : {}),
  ...(task.state.is === 'failed' ? { error_code: task.state.errorCode } : {}),
  ...(task.job === undefined ? {} : { run_id: task.job.runId, actions: task.job.actions.length }),
});

export const clearLock = ({ key, ttlSec, until, firstSeenAt }: Lock): object => ({
  key,
  ttl_sec: ttlSec,
  until,
  first_seen_at: firstSeenAt,
});

export const clearCredits = ({ plan, usage, limit, charged }: Credits): object => ({ plan, usage, limit, charged });
