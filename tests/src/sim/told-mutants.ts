import { mutant, type Mutant } from './mutant.js';

const ATTEMPT = 'services/dispatcher/dist/attempt.js';
const PASSED = 'services/lease/dist/decide-passed.js';
const DECISION = 'libs/stage/dist/decision.js';
const HOLDER = 'services/lease/dist/tasks/decide-holder.js';
const LOCK = 'services/lease/dist/tasks/decide-lock.js';
const JOBS = 'services/lease/dist/tasks/jobs.js';
const ANSWERS = 'services/gateway/dist/tasks/task-answer.js';

/** What is said or done otherwise than it was decided: so each thing that a check may say is seen to be said. */
export const TOLD_MUTANTS: readonly Mutant[] = [
  // 2. Nothing leaves before its ack, and what leaves is what the journal says
  mutant(2, 'an answer bears the result of another call', [
    ATTEMPT,
    'this.tools.sealer.seal(result.result,',
    "this.tools.sealer.seal({ done: 'another' },",
  ]),
  mutant(2, 'an answer gives another reason than the journal', [
    'services/gateway/dist/run/call-answer.js',
    'policy_reason: reason,',
    "policy_reason: outcome.decision === 'blocked' ? 'ok' : reason,",
  ]),
  mutant(2, 'whoever asks for a lease is shown whose it is', [
    ANSWERS,
    'lease_id: null,\n    version: task.version,\n    first_seen_at: isoTime(task.firstSeenAt),\n    done_at: null,',
    'lease_id: task.leaseId,\n    version: task.version,\n    first_seen_at: isoTime(task.firstSeenAt),\n    done_at: null,',
  ]),
  // 7. Unknown is never guessed
  mutant(7, 'a tool that says that it did nothing is taken to have acted', [
    'services/dispatcher/dist/asking.js',
    "return { says: 'not_executed', httpStatus };",
    "return { says: 'executed', httpStatus, result: { callId, inline: this.tools.sealer.seal({ done: callId }, { tenant, callId }) } };",
  ]),
  mutant(7, 'a tool is asked without end', [
    'services/dispatcher/dist/plan-question.js',
    'question > tool.maxRetries',
    'question > 50',
  ]),
  // 8. Only a completed run deduplicates
  mutant(8, 'a call is put for another tenant', [
    'services/gateway/dist/run/governed-calls.js',
    'requested.draft(caller.tenant, data, trace)',
    "requested.draft('wayne', data, trace)",
  ]),
  mutant(8, 'each attempt has a key of its own', [
    ATTEMPT,
    'idempotencyKey: grant.outgoingKey',
    'idempotencyKey: `${grant.outgoingKey.slice(0, 9)}${this.started.data.attempt}`',
  ]),
  mutant(
    8,
    'the key of a call that was executed is used again',
    [PASSED, '&& isRemembered(entry, now)', ''],
    ['services/lease/dist/lease.state.js', 'entry.claim = undefined;', ''],
  ),
  // 9. A duplicate waits in the lease state
  mutant(9, 'who would wait is told that the outcome is unknown', [
    PASSED,
    "case 'held':",
    "case 'held': return [repeatOf(tenant, passed, { is: 'in-doubt', callId: status.callId })];",
  ]),
  // 10. Attempts
  mutant(10, 'a request is sent twice', [
    ATTEMPT,
    '() => (this.mayHaveLeft = this.maySend(stamp))',
    `() => {
            this.mayHaveLeft = this.maySend(stamp);
            if (this.mayHaveLeft) void client.send(connection, request, () => true).catch(() => undefined);
            return this.mayHaveLeft;
        }`,
  ]),
  // 14. Poison
  mutant(14, 'what is parked is called something else', [
    DECISION,
    'index: position.index,\n        code,',
    "index: position.index,\n        code: 'decision_failed',",
  ]),
  mutant(14, 'a parked ending settles its key', [
    DECISION,
    'return [parked];',
    `return definition.name !== 'lease' || !turn.state.holders.has(callId) ? [parked] : [parked, { type: 'lease-settled',
        tenant, data: { leaseKey: turn.state.holders.get(callId), callId, how: { state: 'free' } } }];`,
  ]),
  // 15. Nothing falls off the end
  mutant(15, 'a key is carried as another version', [
    'services/lease/dist/tasks/keep-tasks.js',
    'taskCarried.draft(tenant, { task })',
    'taskCarried.draft(tenant, { task: { ...task, version: task.version + 1 } })',
  ]),
  // 18. Locks, tasks and jobs
  mutant(18, 'who finishes a key raises its version', [
    HOLDER,
    '({ ...task, state })',
    '({ ...task, state, version: task.version + 1 })',
  ]),
  mutant(18, 'a key fails by itself', [
    'services/lease/dist/tasks/decide-due.js',
    "drafts.push(taskExpired.draft(tenant, { task: { ...task, state: { is: 'expired', at: now } } }));",
    "drafts.push({ ...taskExpired.draft(tenant, { task: { ...task, state: { is: 'failed', at: now, errorCode: 'timeout' } } }), type: 'task-failed' });",
  ]),
  mutant(18, 'whoever asks for a lease is told that it is his', [
    'services/lease/dist/tasks/decide-lease.js',
    'repeatHash !== undefined && repeatHash === asked.repeatHash',
    'true',
  ]),
  mutant(18, 'an operator frees a completed key', [
    HOLDER,
    "case 'completed':\n            return refused(asked, word, 'not_failed');",
    "case 'completed':\n            return [freed(asked, known)];",
  ]),
  mutant(18, 'a lock outlives its time', [LOCK, 'known.until <= now', 'known.until <= now - 86_400_000']),
  mutant(18, 'whoever asks for a lock is told that it is his', [
    LOCK,
    'repeatHash !== undefined && known.repeatHash === repeatHash',
    'true',
  ]),
  mutant(18, 'a lock that is locked again is another one', [
    LOCK,
    '{ lock: known, credits: credits(0), again: true, reply }',
    '{ lock: { ...known, firstSeenAt: now + 1 }, credits: credits(0), again: true, reply }',
  ]),
  mutant(18, "a job's last action comes first", [
    JOBS,
    'job.actions[job.ended.length];',
    'job.actions.toReversed()[job.ended.length];',
  ]),
  mutant(18, 'a job completes behind its first action', [
    JOBS,
    'job.actions[job.ended.length];',
    'job.ended.length > 0 ? undefined : job.actions[0];',
  ]),
  mutant(18, 'an action is noted as executed, however it ended', [
    'services/lease/dist/tasks/ended-action.js',
    'decision,\n        reason,',
    "decision: 'executed',\n        reason,",
  ]),
];
