/** A small patch of the built code that leaves a rule out: the simulation must notice, or it is not real. */
export interface Mutant {
  readonly name: string;
  /** The rule of docs/protocol.md that it leaves out. */
  readonly rule: number;
  /** End of the built file's path. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'no expected sequence',
    rule: 1,
    file: 'libs/stage/dist/owner-loop.js',
    find: '{ lastSeq: journal.seq }',
    replace: '{}',
  },
  {
    name: 'a refused writer goes on',
    rule: 1,
    file: 'libs/stage/dist/owner-loop.js',
    find: 'if (!this.stopped)\n                this.options.fenced(error);',
    replace:
      'this.options.journal.seq = (await this.options.bus.rangeOf(`${this.options.definition.name.toUpperCase()}-0`).catch(() => ({ last: 0 }))).last;',
  },
  {
    name: 'effects before the ack',
    rule: 2,
    file: 'libs/stage/dist/owner-loop.js',
    find: "await fault('before-append');",
    replace: 'this.options.committed(batch.events);',
  },
  {
    name: 'positions outside the batch',
    rule: 3,
    file: 'libs/stage/dist/pending-batch.js',
    find: 'positions: Object.fromEntries(this.positions), events: this.events',
    replace: 'positions: {}, events: this.events',
  },
  {
    name: 'a call twice in CALLS is decided twice',
    rule: 3,
    file: 'services/policy/dist/policy.state.js',
    find: 'decided.has(callId) || decidedBefore.has(callId)',
    replace: 'false',
  },
  {
    name: 'a waiter is forgotten at takeover',
    rule: 9,
    file: 'services/lease/dist/lease.state.js',
    find: 'state.settling.delete(grant.leaseKey);',
    replace: 'state.settling.delete(grant.leaseKey); entry.waiters.clear();',
  },
  {
    name: 'a duplicate does not wait',
    rule: 9,
    file: 'services/lease/dist/decide-passed.js',
    find: "case 'held':",
    replace: "case 'held': return [acquire(tenant, passed, leaseKey, entry)];",
  },
  {
    name: "anybody's end frees the key",
    rule: 8,
    file: 'services/lease/dist/settle.js',
    find: "return { state: 'in-doubt', until: heldUntil, error: outcome.error };",
    replace: "return { state: 'free' };",
  },
  {
    name: 'the outgoing key changes after an unknown',
    rule: 8,
    file: 'services/lease/dist/decide-passed.js',
    find: 'entry !== undefined && isRemembered(entry, now)',
    replace: 'false',
  },
  {
    name: 'a new owner retries open attempts at once',
    rule: 10,
    file: 'services/dispatcher/dist/partition-work.js',
    find: "if (call.phase.is === 'queued')",
    replace:
      "if (call.phase.is === 'trying') this.owner.submit('answered', { callId, attempt: call.attempts.length, answer: { known: 'not_sent', code: 'internal_error' } });\n            if (call.phase.is === 'queued')",
  },
  {
    name: 'the permit has no end',
    rule: 10,
    file: 'services/dispatcher/dist/permits.js',
    find: 'return permit !== undefined && this.valid(permit)',
    replace: 'return permit !== undefined || this.valid(permit)',
  },
  {
    name: 'an unknown attempt is a failure',
    rule: 7,
    file: 'services/dispatcher/dist/end-call.js',
    find: "onUnknown !== 'fail'",
    replace: 'false',
  },
  {
    name: 'what is admitted does not count at once',
    rule: 11,
    file: 'services/budget/dist/budget.state.js',
    find: 'use.spent += terms.cost;',
    replace: '',
  },
  {
    name: 'a cap refusal is final at once',
    rule: 11,
    file: 'services/budget/dist/decide-budget.js',
    find: 'return [capChecking.draft(tenant, leased)];',
    replace: 'return [blocked.draft(tenant, { call: leased.call, outcome: refusalOf(state, tenant, leased, now) })];',
  },
  {
    name: 'disabled is answered before the journal says so',
    rule: 12,
    file: 'libs/stage/dist/stage-session.js',
    find: 'await this.applied.until(seq);',
    replace: '',
  },
  {
    name: 'disabled is answered before the permits have run out',
    rule: 12,
    file: 'libs/stage/dist/stage-session.js',
    find: 'await this.options.effects.applied?.(agent, this);',
    replace: '',
  },
  {
    name: 'a new owner does not read CONFIG to its end',
    rule: 12,
    file: 'libs/journal/dist/config-reader.js',
    find: 'await config.readToEnd();',
    replace: '',
  },
];
