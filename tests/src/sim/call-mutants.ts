import { mutant, type Mutant } from './mutant.js';

const SESSION = 'libs/stage/dist/stage-session.js';
const QUEUED = 'services/dispatcher/dist/decide-queued.js';
const ANSWER = 'services/dispatcher/dist/decide-answer.js';
const RESOLUTION = 'services/dispatcher/dist/decide-resolution.js';
const WORK = 'services/dispatcher/dist/partition-work.js';
const SETTLE = 'services/lease/dist/settle.js';
const PASSED = 'services/lease/dist/decide-passed.js';

/** What becomes of a call: its deadline, its end, its key, those that wait, and caps (rules 5 to 9 and 11). */
export const CALL_MUTANTS: readonly Mutant[] = [
  // 5. A call has a deadline
  mutant(
    5,
    'what is past its deadline is sent',
    [QUEUED, 'now >= call.deadline', 'false'],
    [QUEUED, 'now >= leased.call.deadline', 'false'],
    [WORK, 'now < call.deadline', 'true'],
    [
      'services/dispatcher/dist/dispatch.state.js',
      "case 'resting':\n            return leased.call.deadline;",
      "case 'resting':\n            return NEVER;",
    ],
  ),
  // 6. Exactly one stage ends a call
  mutant(6, 'a word resolves what is not in doubt', [
    RESOLUTION,
    "call?.phase.is === 'in-doubt'",
    'call !== undefined',
  ]),
  mutant(6, 'a call in doubt can be resolved twice', [
    'services/dispatcher/dist/dispatch.state.js',
    "case 'resolved':\n            state.calls.delete",
    "state.calls.delete(event.data.call.callId); return state; case 'resolved': void",
  ]),
  mutant(6, 'a late answer ends its call again', [ANSWER, "call.phase.is === 'in-doubt'", 'false']),
  // 7. Unknown is never guessed
  mutant(7, 'an unknown attempt is a failure', [
    'services/dispatcher/dist/end-call.js',
    "onUnknown !== 'fail'",
    'false',
  ]),
  mutant(7, 'an unknown attempt is tried again', [
    ANSWER,
    "answer.known === 'unknown' && tool.onUnknown !== 'retry'",
    'false',
  ]),
  mutant(7, 'the kill switch ends what is unknown', [
    'services/dispatcher/dist/end-call.js',
    'unknown !== undefined &&',
    "unknown !== undefined && end.why !== 'agent_disabled' &&",
  ]),
  mutant(7, 'a late failure resolves a call with an unknown attempt', [
    ANSWER,
    'if (isUnknown(after) || openAttempts(after).length > 0)',
    'if (false)',
  ]),
  // 8. Only a completed run deduplicates
  // Either alone keeps them apart.
  mutant(
    8,
    'tenants share their keys',
    ['services/lease/dist/lease-key.js', 'JSON.stringify([tenant, call.agent', 'JSON.stringify([call.agent'],
    [
      'services/gateway/dist/run/hash-keys.js',
      'const known = this.kept.get(tenant);',
      "tenant = 'everybody'; const known = this.kept.get(tenant);",
    ],
  ),
  mutant(8, 'the end of one that only waits frees the key', [
    'services/lease/dist/lease.state.js',
    'stopsWaiting(state, event.data.call.callId);',
    `{
                const entry = state.keys.get(state.waiting.get(event.data.call.callId)?.leaseKey);
                if (entry !== undefined)
                    entry.status = { is: 'free' };
            }
            stopsWaiting(state, event.data.call.callId);`,
  ]),
  mutant(8, 'a call in doubt frees its key', [
    SETTLE,
    "return { state: 'in-doubt', until: event.data.heldUntil, error: outcome.error };",
    "return { state: 'free' };",
  ]),
  mutant(8, 'the outgoing key changes after an unknown', [
    PASSED,
    'entry !== undefined && isRemembered(entry, now) ? entry.claim : undefined',
    'undefined',
  ]),
  mutant(8, 'an unknown attempt does not taint its key', [
    'services/lease/dist/decide-attempt.js',
    "data.known !== 'unknown' ||",
    "data.known === 'unknown' ||",
  ]),
  mutant(8, 'a failed run deduplicates', [SETTLE, "outcome.decision !== 'executed'", 'false']),
  mutant(8, 'a window ends early', [PASSED, 'status.until <= now', 'status.until - 86_300_000 <= now']),
  mutant(8, 'nobody ends the hold of a call in doubt', [
    'services/dispatcher/dist/decide-due.js',
    'return [holdEnded.draft(call.tenant, { callId }, call.trace)];',
    'return [];',
  ]),
  // 9. A duplicate waits in the lease state
  mutant(9, 'a duplicate does not wait', [
    PASSED,
    "case 'held':",
    "case 'held': return [acquire(tenant, passed, leaseKey, entry, now)];",
  ]),
  mutant(9, 'a waiter is forgotten at takeover', [
    'services/lease/dist/lease.state.js',
    'state.settling.delete(grant.leaseKey);',
    'state.settling.delete(grant.leaseKey); entry.waiters.clear();',
  ]),
  mutant(9, 'all who wait take over at once', [
    SETTLE,
    'drafts.push(admit(state, tenant, waiter.passed, leaseKey, entry, admission, waiter.trace));\n            break;',
    'drafts.push(admit(state, tenant, waiter.passed, leaseKey, entry, admission, waiter.trace));',
  ]),
  mutant(9, 'who waits no more takes over', [
    SETTLE,
    'Math.min(call.waitUntil, call.deadline) <= now',
    'call.deadline <= now',
  ]),
  mutant(9, 'the last who waits takes over', [
    SETTLE,
    'of entry.waiters.values()) {',
    'of [...entry.waiters.values()].reverse()) {',
  ]),
  mutant(9, 'a new call overtakes those that wait', [PASSED, 'entry.waiters.size > 0 && !', 'false && !']),
  // 11. Caps
  mutant(11, 'what is admitted does not count at once', [
    'services/budget/dist/budget.state.js',
    'use.spent += terms.cost;',
    '',
  ]),
  mutant(11, 'a cap refusal is final at once', [
    'services/budget/dist/decide-budget.js',
    'return [capChecking.draft(tenant, leased)];',
    'return [blocked.draft(tenant, { call: leased.call, outcome: refusalOf(state, tenant, leased, now) })];',
  ]),
  mutant(11, 'the look does not wait for what it saw', [SESSION, 'await this.loop?.looks.decidedUpTo(ends);', '']),
  mutant(11, 'a new owner does not look again', [
    'libs/stage/dist/refusal-looks.js',
    'of this.options.waiting(owner.state))',
    'of [])',
  ]),
  mutant(11, 'what was done is given back', [
    'services/budget/dist/decide-budget.js',
    "outcome.decision !== 'executed'",
    'true',
  ]),
];
