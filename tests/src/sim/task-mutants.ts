import { mutant, type Mutant } from './mutant.js';

const LEASE = 'services/lease/dist/tasks/decide-lease.js';
const HOLDER = 'services/lease/dist/tasks/decide-holder.js';
const COMMAND = 'services/lease/dist/tasks/decide-command.js';
const LOCK = 'services/lease/dist/tasks/decide-lock.js';
const JOBS = 'services/lease/dist/tasks/jobs.js';
const ACTIONS = 'services/lease/dist/tasks/job-actions.js';
const TASKS = 'services/lease/dist/tasks/tasks.state.js';
const KEEP = 'services/lease/dist/tasks/keep-tasks.js';
const CREDITS = 'services/lease/dist/credits/evolve-credits.js';

/** Of locks, tasks, jobs and credits, which the lease stage decides from commands in CALLS (contract sections 1 to 3.2 and 7). */
export const TASK_MUTANTS: readonly Mutant[] = [
  // 3. Each input is decided once
  mutant(3, 'a command twice in CALLS is decided twice', [
    COMMAND,
    'state.tasks.commands.has(commandId) ||',
    'false ||',
  ]),
  // 9. A duplicate waits in the lease state
  mutant(9, 'who comes back from a look at credits goes behind those that wait', [
    'services/lease/dist/decide-passed.js',
    '&& !state.checking.has(call.callId)',
    '',
  ]),
  mutant(9, 'who has waited and looked takes over though he waits no more', [
    'services/lease/dist/decide-looked.js',
    'checking.waited === true &&',
    'false &&',
  ]),
  // 11. Caps, and credits likewise
  mutant(
    11,
    'a refusal for want of credits is final at once',
    [LEASE, 'if (!asked.looked)', 'if (false)'],
    ['services/lease/dist/decide-passed.js', 'if (!looked)', 'if (false)'],
  ),
  mutant(11, 'what did not run keeps its credit', [CREDITS, "if (event.data.how.state === 'free')", 'if (false)']),
  mutant(11, 'a lease is charged beyond the limit', [LEASE, 'charged === 1 && !mayCharge', 'false && !mayCharge']),
  mutant(11, 'a duplicate is charged beyond the limit', [
    LOCK,
    "if (!mayCharge(state.credits, tenant, plan, 'make', now))",
    'if (false)',
  ]),
  // 12. Config is in force when answered
  mutant(12, 'the lease takes the command of a revoked key', [
    COMMAND,
    'keyIsValid(key, askedAt) &&',
    'key !== undefined &&',
  ]),
  mutant(12, 'a new key is answered before the lease knows it', [
    'libs/journal/dist/names.js',
    "['policy', 'lease', 'dispatch']",
    "['policy', 'dispatch']",
  ]),
  // 14. Poison
  mutant(14, 'a job waits for ever for an end that cannot be read', [
    'services/lease/dist/lease.state.js',
    'actionEndParked(state.tasks, callId, inputType);',
    '',
  ]),
  mutant(14, "an operator's word does not reach the job that waits for a parked end", [
    'services/lease/dist/settle.js',
    'const ofJob = actionHasEnded(state, settledAction(',
    'const ofJob = [];\n    actionHasEnded(state, settledAction(',
  ]),
  // 15. Nothing falls off the end
  mutant(15, 'the credits of the month are not carried', [KEEP, 'yield usageCarried.draft(tenant, { usage });', ';']),
  mutant(15, 'a lock that still holds is not carried', [KEEP, 'yield lockCarried.draft(tenant, { lock });', ';']),
  mutant(15, 'a key that is remembered is not carried', [KEEP, 'yield taskCarried.draft(tenant, { task });', ';']),
  // 16. A projection keeps its positions with its rows
  mutant(16, 'the status of a key is shown as old as it is in Redis', [
    'services/gateway/dist/tasks/known-tasks.js',
    'if (seq >= end)',
    'if (true)',
  ]),
  mutant(16, 'credits in Redis begin with nothing where the journal was carried', [
    'services/audit/dist/redis/usage-changes.js',
    "case 'usage-carried':",
    "case 'no-such-event':",
  ]),
  mutant(16, 'a task that is forgotten by the time it is projected stays as it was', [
    'services/audit/dist/redis/stored-strings.js',
    'if (task === undefined)',
    'if (task === undefined || expiresIn(task, nowMs) === 1)',
  ]),
  // 18. Locks, tasks and jobs
  mutant(18, 'a key is locked twice', [LOCK, 'known.until <= now', 'true']),
  mutant(18, 'a finished key runs again', [
    LEASE,
    "case 'failed':\n            return polled(asked, known);",
    "case 'failed':\n            return acquire(asked, wanted, known, 1);",
  ]),
  mutant(18, 'a lease does not raise the version', [
    LEASE,
    '(known?.version ?? 0) + 1',
    'Math.max(1, known?.version ?? 0)',
  ]),
  mutant(18, 'an extension does not raise the version', [HOLDER, 'version: task.version + 1', 'version: task.version']),
  mutant(18, 'whoever held a key before may still finish it', [HOLDER, 'task.leaseId !== word.leaseId', 'false']),
  mutant(18, 'the same Idempotency-Key leases nothing', [
    LEASE,
    'repeatHash !== undefined && repeatHash === asked.repeatHash',
    'false',
  ]),
  mutant(18, 'the lease of a running job expires', [
    TASKS,
    "state.is === 'in_progress' && job === undefined",
    "state.is === 'in_progress'",
  ]),
  mutant(18, 'an action is put into CALLS before its beginning is in the journal', [
    'libs/stage/dist/owner-loop.js',
    "await fault('before-append');",
    "this.options.committed(batch.events.filter(({ type }) => type === 'action-begun'));",
  ]),
  mutant(18, 'a new owner does not put the action again', [ACTIONS, 'if (open.length > 0)', 'if (false)']),
  mutant(18, 'an action is put again though it lies in CALLS, and policy is away', [
    ACTIONS,
    "await askOwner(asking, 'policy', owner.partition, { about: ALL_DECIDED, details: null });",
    '',
  ]),
  mutant(18, 'the next action begins behind one that did not run', [JOBS, 'if (bad !== undefined)', 'if (false)']),
  mutant(18, 'a stopped job goes on', [
    JOBS,
    "if (job === undefined || task.state.is !== 'in_progress')",
    'if (job === undefined)',
  ]),
  mutant(18, 'an action that this stage ends itself ends no job', [
    'services/lease/dist/lease.state.js',
    'actionEndedHere(state.tasks, event.data.call.callId, endedActionOf(event, undefined));',
    '',
  ]),
];
