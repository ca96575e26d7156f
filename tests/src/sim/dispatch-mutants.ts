import { mutant, type Mutant } from './mutant.js';

const SESSION = 'libs/stage/dist/stage-session.js';
const QUEUED = 'services/dispatcher/dist/decide-queued.js';
const ANSWER = 'services/dispatcher/dist/decide-answer.js';
const PERMITS = 'services/dispatcher/dist/permits.js';
const WORK = 'services/dispatcher/dist/partition-work.js';

/** What leaves for tools, and what is in force by then (rules 10, 12 and 13). */
export const DISPATCH_MUTANTS: readonly Mutant[] = [
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
];
