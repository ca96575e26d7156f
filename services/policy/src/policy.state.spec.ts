import { failed, failedOutcome, finish, journalKept, NO_TENANT, policyPassed, type Draft } from '@tollgate/events';
import { policyStage } from './policy.stage.js';
import { evolvePolicy, initialPolicyState, isDecided } from './policy.state.js';
import { header, NOON, TENANT } from './spec/calls.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ended = (callId: string, requestedAt: number): Draft =>
  failed.draft(TENANT, { call: header({ callId, requestedAt }), outcome: failedOutcome('expired') });

/** Calls and the broker's stamps on them, decided when it was their turn: days later, where there was an outage. */
function after(decidedAt: number, ...decided: readonly (readonly [string, number])[]) {
  const state = initialPolicyState();
  for (const [index, [callId, at]] of decided.entries())
    evolvePolicy(state, finish(ended(callId, at), index, decidedAt));
  return state;
}

describe('the calls that were decided', () => {
  it('are known for at least an hour, whenever in it others come', () => {
    for (const gap of [1, 30, 59, 61]) {
      const minutes = Array.from({ length: 6 }, (_, n) => n * gap);
      const last = minutes.at(-1)!;
      const calls = minutes.map((minute): [string, number] => [`at ${minute}`, NOON + minute * MINUTE]);
      for (const state of [after(NOON, ...calls), after(NOON + 9 * DAY, ...calls)]) {
        for (const minute of minutes.filter((one) => last - one <= 60))
          expect(isDecided(state, `at ${minute}`)).toBe(true);
      }
    }
  });

  it('are forgotten after two hours at most', () => {
    const state = after(NOON, ['old', NOON], ['later', NOON + 61 * MINUTE], ['last', NOON + 122 * MINUTE]);
    expect([isDecided(state, 'old'), isDecided(state, 'last')]).toEqual([false, true]);
  });

  it('are forgotten, once the stage has read its inputs, when what says them is journaled no more', () => {
    const state = after(NOON, ['old', NOON], ['later', NOON + 3 * 60 * MINUTE]);
    const kept = (from: number) =>
      evolvePolicy(state, finish(journalKept.draft(NO_TENANT, { from, needs: [] }), 9, NOON + 7 * DAY));
    kept(NOON);
    expect(isDecided(state, 'later')).toBe(true);
    kept(NOON + 5 * 60 * MINUTE);
    expect(isDecided(state, 'later')).toBe(false);
  });

  it('are those that passed, too', () => {
    const terms = { scope: 'global', cost: 0, caps: {}, dedupHash: 'args', windowSec: 0 };
    const args = { callId: 'passed', inline: { p: {} } };
    const passed = policyPassed.draft(TENANT, { call: header({ callId: 'passed' }), terms, args });
    expect(isDecided(evolvePolicy(initialPolicyState(), finish(passed, 1, NOON)), 'passed')).toBe(true);
  });
});

describe('a call that cannot be read', () => {
  const parked = (state = initialPolicyState()) => policyStage.parked(state, header(), NOON, TENANT);

  it('ends failed, at a time that is known', () => {
    const call = header({ requestedAt: NOON, deadline: NOON });
    expect(parked()).toEqual([failed.draft(TENANT, { call, outcome: failedOutcome('internal_error') })]);
  });

  it('ends once: not when it was decided before', () => {
    expect(parked(after(NOON, [header().callId, NOON]))).toEqual([]);
  });
});
