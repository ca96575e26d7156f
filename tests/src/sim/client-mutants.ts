import { mutant, type Mutant } from './mutant.js';

const LEASE_KEY = 'services/lease/dist/lease-key.js';
const KEY_EDITS = 'services/gateway/dist/keys/key-edits.js';
const RESOLUTIONS = 'services/gateway/dist/calls/resolutions.js';
const FRESHNESS = 'services/gateway/dist/reads/freshness.js';
const POSITIONS = 'services/audit/dist/postgres/stored-positions.js';
const TABLES = 'services/audit/dist/postgres/table-sink.js';

/** What clients, operators and administrators lean on, and the tables of the record. */
export const CLIENT_MUTANTS: readonly Mutant[] = [
  // 8. Only a completed run deduplicates: under the caller's own key
  mutant(8, "a caller's own key does not count where the tool does not deduplicate", [
    LEASE_KEY,
    'terms.windowSec === 0 && terms.idempotencyHash === undefined',
    'terms.windowSec === 0',
  ]),
  mutant(8, "a caller's own key holds for no time where the tool does not deduplicate", [
    LEASE_KEY,
    'terms.windowSec === 0 && terms.idempotencyHash !== undefined',
    'false',
  ]),
  mutant(8, 'a gateway leaves the idempotency key out', [
    'services/gateway/dist/run/run-requests.js',
    'idempotencyKeyOf(request.idempotencyKey, sent.idempotency_key)',
    'undefined',
  ]),
  mutant(8, 'other arguments under the same key are taken for a repeat', [
    'services/lease/dist/decide-passed.js',
    'entry?.dedupHash !== terms.dedupHash',
    'false',
  ]),
  // 9. A duplicate waits in the lease state
  mutant(9, 'a client that does not wait is held to the wait limit', [
    'services/gateway/dist/run/governed-calls.js',
    '(respondAsync ? callDeadlineMs : waitLimitMs)',
    'waitLimitMs',
  ]),
  // 12. Config is in force when answered
  mutant(12, 'a gateway refuses a key without reading CONFIG to its end', [
    'services/gateway/dist/auth/authentication.js',
    'await this.config.readToEnd();\n        const newest',
    'const newest',
  ]),
  mutant(12, 'a new key is answered before the stages know it', [
    KEY_EDITS,
    'await this.inForce.from(tenant, seq, { stages: KEY_STAGES });\n        const',
    'const',
  ]),
  mutant(12, 'a revoked key is answered before the stages know it', [
    KEY_EDITS,
    'await this.inForce.from(tenant, seq, { stages: KEY_STAGES });\n    }\n}',
    '}\n}',
  ]),
  mutant(12, 'a policy is answered before policy knows it', [
    'services/gateway/dist/policies/policy-edits.js',
    "await inForce.from(tenant, seq, { stages: ['policy'] });",
    '',
  ]),
  mutant(12, 'a tool that is closed is answered before policy knows it', [
    'services/gateway/dist/tools/tool-edits.js',
    "const CONCERNED = ['policy', 'dispatch'];",
    "const CONCERNED = ['dispatch'];",
  ]),
  mutant(12, 'an enabling is answered before policy knows it', [
    'services/gateway/dist/agents/kill-switch.js',
    "await this.inForce.from(tenant, seq, { stages: ['policy', 'dispatch'] });",
    '',
  ]),
  mutant(12, 'the dispatcher takes the word of a revoked key', [
    'services/dispatcher/dist/decide-resolution.js',
    'keyIsValid(key, saidAt) && key.tenant === tenant',
    'key?.tenant === tenant',
  ]),
  mutant(12, 'an operator whose key is revoked is told that nothing is in doubt', [
    RESOLUTIONS,
    'await this.parts.authentication.mustStillBeGood(caller);',
    '',
  ]),
  // 6. Exactly one stage ends a call
  mutant(6, 'an operator is answered before the dispatcher has decided', [
    RESOLUTIONS,
    "if (state === 'same')",
    "if (state === 'open') { await this.say(caller, row.call_id, 'cmd_' + this.parts.clock.newName(), word, trace); return answerOf({ callId: row.call_id, runId: row.run_id, argsHash: row.args_hash }, { decision: word.outcome, reason: word.outcome === 'executed' ? 'ok' : 'tool_error', spend: 0 }, undefined); }\n        if (state === 'same')",
  ]),
  mutant(6, 'an operator hears that a call is in doubt as its resolution', [
    'services/gateway/dist/run/endings.js',
    "if (event.type === 'resolved')",
    '',
  ]),
  mutant(6, 'an operator who is refused is not told how the call was resolved', [
    RESOLUTIONS,
    "if (ended === 'refused')",
    "if (ended === 'refused') throw notInDoubt();\n        if (ended === 'refused')",
  ]),
  // 16. A projection keeps its positions with its rows
  mutant(16, 'a look does not wait for the record', [
    FRESHNESS,
    'let { missing, made } = await this.missing(ends);',
    'let { missing, made } = { missing: [], made: (await this.missing(ends)).made };',
  ]),
  mutant(16, 'a look does not ask how far the journals are', [
    FRESHNESS,
    '...streams.map((stream) => bus.endOf(stream))',
    '...streams.map(() => 0)',
  ]),
  mutant(16, 'a look does not ask how far CALLS is', [
    FRESHNESS,
    "bus.endOfSubject(calls, callsSubject(partition, 'policy'))",
    '0',
  ]),
  mutant(16, 'a record that was made anew during a look is taken for the one before', [
    FRESHNESS,
    'const { missing, made } = await this.missing(caughtUp.ends);',
    'const { missing, made } = { missing: [], made: caughtUp.made };',
  ]),
  mutant(16, 'a record that was made anew, and filled again, during a look is taken for the one before', [
    FRESHNESS,
    '&& made === caughtUp.made',
    '',
  ]),
  mutant(16, 'positions are stored after their rows', [
    TABLES,
    'await storePositions(trx, slice);',
    '});\n        await this.tables.transaction(async (trx) => {\n            await storePositions(trx, slice);',
  ]),
  mutant(16, 'two that store the same rows are not told apart', [
    POSITIONS,
    "if (moved)\n        throw new PositionMovedError('Postgres is not where",
    "if (false)\n        throw new PositionMovedError('Postgres is not where",
  ]),
  mutant(16, 'two that begin at the same moment are not told apart', [POSITIONS, '!== begun.length', '=== -1']),
  mutant(16, 'how a resolved call was counted is not looked up', [
    'services/audit/dist/postgres/counted-before.js',
    'if (before !== undefined)',
    'if (false)',
  ]),
  mutant(16, 'a resolved call is counted twice', [
    'services/audit/dist/rows/rollup-rows.js',
    'if (before !== undefined)',
    'if (false)',
  ]),
];
