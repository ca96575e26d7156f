import { CLIENT_MUTANTS } from './client-mutants.js';
import { KEPT_MUTANTS } from './kept-mutants.js';
import { LOSS_MUTANTS } from './loss-mutants.js';
import { mutant, type Mutant } from './mutant.js';
import { OWNER_MUTANTS } from './owner-mutants.js';
import { POISON_MUTANTS } from './poison-mutants.js';
import { TASK_MUTANTS } from './task-mutants.js';
import { TOLD_MUTANTS } from './told-mutants.js';
import { QUESTION_MUTANTS } from './question-mutants.js';

export type { Mutant, Patch } from './mutant.js';

const LOOP = 'libs/stage/dist/owner-loop.js';
const SESSION = 'libs/stage/dist/stage-session.js';
const QUEUED = 'services/dispatcher/dist/decide-queued.js';
const ANSWER = 'services/dispatcher/dist/decide-answer.js';
const RESOLUTION = 'services/dispatcher/dist/decide-resolution.js';
const PERMITS = 'services/dispatcher/dist/permits.js';
const WORK = 'services/dispatcher/dist/partition-work.js';
const SETTLE = 'services/lease/dist/settle.js';
const DECISIONS = 'services/audit/dist/decisions/decision-sink.js';
const PASSED = 'services/lease/dist/decide-passed.js';

const AFTER_EFFECTS = "await fault('after-effects');";

export const MUTANTS: readonly Mutant[] = [
  // 1. One writer, fenced by the log
  mutant(1, 'no expected sequence', [LOOP, '{ lastSeq: journal.seq }', '{}']),
  mutant(1, 'a refused writer goes on', [
    LOOP,
    'if (!this.stopped)\n                this.options.fenced(error);',
    'this.options.journal.seq = (await this.options.bus.rangeOf(`${this.options.definition.name.toUpperCase()}-${this.options.partition}`).catch(() => ({ last: 0 }))).last;',
  ]),
  mutant(1, 'owner-changed is not appended', [
    'libs/stage/dist/open-epoch.js',
    'const seq = await appendOwnerChanged(opening);',
    'opening.journal.epoch = opening.clock.newName(); const { seq } = opening.journal;',
  ]),
  // 2. Nothing leaves before its ack
  mutant(
    2,
    'effects before the ack',
    [LOOP, "await fault('before-append');", 'this.options.committed(batch.events);'],
    [LOOP, `this.options.committed(batch.events);\n        ${AFTER_EFFECTS}`, AFTER_EFFECTS],
  ),
  mutant(
    2,
    'answers before the ack',
    [LOOP, "await fault('before-append');", 'this.options.committed(batch.events.filter(isEnding));'],
    [
      LOOP,
      `this.options.committed(batch.events);\n        ${AFTER_EFFECTS}`,
      `this.options.committed(batch.events.filter((event) => !isEnding(event)));\n        ${AFTER_EFFECTS}`,
    ],
  ),
  // 3. Each input is decided once, in order
  // Stored behind it, with the next one.
  mutant(3, 'positions outside the batch', [
    LOOP,
    'batch.isKept ? journal.positions : batch.positions)',
    'batch.isKept ? journal.positions : (() => { const late = journal.late ?? new Map(); journal.late = batch.positions; return late; })())',
  ]),
  mutant(3, 'a new owner skips the rest of a batch', [
    'libs/stage/dist/sources.js',
    'after === undefined ? 0 : after.seq - 1',
    'after === undefined ? 0 : after.seq',
  ]),
  mutant(3, 'a new owner decides a batch from its beginning', [
    'libs/stage/dist/input.js',
    'input.position.index > behind',
    'true',
  ]),
  mutant(3, 'a call twice in CALLS is decided twice', [
    'services/policy/dist/policy.state.js',
    'decided.has(callId) || decidedBefore.has(callId)',
    'false',
  ]),
  mutant(3, "copies of an operator's word are known for an hour", [
    'services/dispatcher/dist/dispatch.state.js',
    'state.words.set(event.data.commandId, event.at);',
    `for (const [word, at] of state.words) if (at < event.at - 3_600_000) state.words.delete(word);
            state.words.set(event.data.commandId, event.at);`,
  ]),
  mutant(3, "an operator's word twice in CALLS is decided twice", [RESOLUTION, 'state.words.has(commandId)', 'false']),
  // 4. Time is an input
  mutant(4, 'now goes back', [
    LOOP,
    'return Math.max(this.options.clock.now(), this.options.journal.lastAt);',
    'return this.options.clock.now();',
  ]),
  mutant(4, 'an owner whose clock is off goes on', [
    'libs/stage/dist/ownership.js',
    'Math.abs(off) <= CLOCK_BOUND_MS',
    'true',
  ]),
  mutant(
    4,
    'a machine whose clock is off claims again at once',
    ['libs/stage/dist/stage-runner.js', 'restMs = CLOCK_RETRY_MS', 'restMs = RETRY_MS'],
    ['libs/stage/dist/ownership.js', 'void this.say(this.wordSeq, true)', 'void Promise.resolve()'],
  ),
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
  // 10. Attempts
  mutant(10, 'a new owner retries open attempts at once', [
    WORK,
    "if (call.phase.is === 'queued')",
    "if (call.phase.is === 'trying') this.owner.submit('answered', { callId, attempt: call.attempts.length, answer: { known: 'not_sent', code: 'internal_error' } });\n            if (call.phase.is === 'queued')",
  ]),
  mutant(10, 'the permit has no end', [
    PERMITS,
    'if (permit === undefined || !this.mayLeave(permit, stamp))',
    'if (permit === undefined)',
  ]),
  mutant(
    10,
    'the permit by monotonic clock only',
    [PERMITS, 'this.clock.now() - wall <= PERMIT_MS &&', ''],
    [PERMITS, '&& stamp <= wall + PERMIT_MS', ''],
  ),
  mutant(
    10,
    'the permit by wall clock only',
    [PERMITS, '&& this.clock.monotonic() - monotonic <= PERMIT_MS', ''],
    [PERMITS, '&& this.clock.now() >= wall - PERMIT_MS', ''],
  ),
  mutant(10, 'no check before the write', [WORK, 'return this.permits.use(call.callId, stamp) &&', 'return true ||']),
  mutant(10, 'a call that rests is left lying when the clock is set back', [
    'services/dispatcher/dist/partition-work.js',
    'this.tools.clock.now())) {\n            this.restAgain(callId);',
    'this.tools.clock.now())) {',
  ]),
  mutant(10, 'a word of another owner about an attempt of the same number', [
    ANSWER,
    'one.number === attempt && one.epoch === epoch',
    'true',
  ]),
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
  // 12. Config is in force when answered
  mutant(12, 'disabled is answered before the journal says so', [SESSION, 'await this.applied.until(seq);', '']),
  mutant(12, 'disabled is answered before the permits have run out', [
    SESSION,
    '(await this.options.effects.applied?.(agent, this)) ?? 0',
    '0',
  ]),
  mutant(12, 'disabled_at may lie before what the journal says', [
    SESSION,
    'Math.max(clock.now(), this.journal.lastAt, notBefore)',
    'clock.now()',
  ]),
  mutant(12, 'a new owner does not read CONFIG to its end', [
    'libs/journal/dist/config-reader.js',
    'await config.readToEnd();',
    '',
  ]),
  mutant(12, 'an attempt begins for a disabled agent', [
    QUEUED,
    'if (isDisabled(config, tenant, leased.call.agent))',
    'if (false)',
  ]),
  mutant(12, 'policy takes a revoked key', [
    'services/policy/dist/decide-call.js',
    '!keyIsValid(key, turn.stampMs) ||',
    '',
  ]),
  mutant(10, 'an attempt is made as often as it fails', [
    ANSWER,
    'if (!isOurs(answer) && after.tries > tool.maxRetries)',
    'if (false)',
  ]),
  mutant(12, 'a request goes to where its tool was when it was prepared', [
    'services/dispatcher/dist/dispatch.controller.js',
    'if (this.dispatching.preparesAgain(turn.partition, callId, turn.now))',
    'if (false)',
  ]),
  // 13. Slow tools and loud tenants
  mutant(13, 'a tool has any number of places', [
    'services/dispatcher/dist/places.js',
    '(this.perTool.get(tool) ?? 0) < this.limits.perTool &&',
    '',
  ]),
  // 14. Poison
  mutant(14, 'what cannot be decoded stops its stage', [
    'libs/stage/dist/decision.js',
    "if (event.code === 'unknown_version')",
    'if (true)',
  ]),
  mutant(14, 'what cannot be decoded is passed by without a word', [
    'libs/stage/dist/decision.js',
    'return { drafts: park(input, event.code, event.inputType, turn, definition), parked: event.code };',
    'return { drafts: [] };',
  ]),
  // 12. As gateways see to it
  mutant(12, 'a gateway answers that an agent is disabled without asking', [
    'services/gateway/dist/config/in-force.js',
    'const left = until - this.clock.now();',
    'return this.clock.now();',
  ]),
  // 16. A projection keeps its positions with its rows
  mutant(16, "a new owner gives ids below its predecessor's word", [
    'libs/stage/dist/own-journal.js',
    'this.idsAbove(aboveAllWatermarks(message.stampMs, CLOCK_BOUND_MS));',
    ';',
  ]),
  mutant(16, 'a projection goes on from memory', [
    'services/audit/dist/lane/lane.js',
    'this.positions = await sink.load(sources);',
    'if (this.intake === undefined) this.positions = await sink.load(sources);',
  ]),
  mutant(16, 'a wiped Redis is not noticed', [
    'services/audit/dist/redis/outcome-sink.js',
    "if (answer === 'moved')",
    'if (false)',
  ]),
  mutant(16, 'a projection that has nothing to store does not look', [
    'services/audit/dist/lane/lane.js',
    'await this.store(await intake.take(IDLE_MS, sink.lingerMs));',
    'const taken = await intake.take(IDLE_MS, sink.lingerMs); if (taken.length > 0) await this.store(taken);',
  ]),
  mutant(16, 'a decision does not say how far the other sources are', [
    DECISIONS,
    'partly: partlyOf(this.reached, done, source)',
    'partly: {}',
  ]),
  mutant(16, 'a decision expects a place, whoever stands before it', [
    DECISIONS,
    '{ lastSeq, lastMessageId: this.idOf(lastSeq) }',
    '{ lastSeq }',
  ]),
  mutant(16, 'a decision is published again by whoever goes on', [
    DECISIONS,
    '!isBehind(this.reached, source, seq, index)',
    'true',
  ]),
  // 17. A gateway answers when the ending is in a journal
  mutant(17, 'a lost ack of CALLS is answered as if nothing was put', [
    'services/gateway/dist/run/calls-inbox.js',
    'if (isNotStored(error))',
    'if (true)',
  ]),
  mutant(17, 'a gateway waits without a limit', [
    'services/gateway/dist/run/until-ended.js',
    ' || clock.now() >= untilMs',
    '',
  ]),
  mutant(17, 'a gateway does not wait', ['services/gateway/dist/run/until-ended.js', 'clock.now() >= untilMs', 'true']),
  mutant(17, 'a result that lies elsewhere is not fetched', [
    'services/gateway/dist/run/results.js',
    'at = await this.fetch(at.place, at.callId);',
    'return undefined;',
  ]),
  ...CLIENT_MUTANTS,
  ...KEPT_MUTANTS,
  ...LOSS_MUTANTS,
  ...OWNER_MUTANTS,
  ...POISON_MUTANTS,
  ...TASK_MUTANTS,
  ...TOLD_MUTANTS,
  ...QUESTION_MUTANTS,
];
