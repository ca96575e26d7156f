import { journalKept, NO_TENANT, resolutionAnswered, type Draft } from '@tollgate/events';
import {
  COST,
  DAY,
  doubt,
  ended,
  failedWith,
  holdIsOver,
  keyIs,
  keyIsRevoked,
  NOON,
  queued,
  RESULT,
  resolvedAs,
  started,
  TENANT,
  toolIs,
  UNKNOWN,
} from './spec/calls.js';
import { given } from './spec/given.js';

const inDoubt = [toolIs(), queued(), started(), ended(1, UNKNOWN), doubt('timeout', null, 1)];

describe('an operator’s word', () => {
  const word = (outcome: 'executed' | 'failed', more: object = {}) => ({
    word: { commandId: 'cmd_1', callId: 'call_1', outcome, keyId: 'key_admin', gateway: 'gw-2', ...more },
  });
  const answered = (answer: 'resolved' | 'not_in_doubt', tenant = TENANT): Draft =>
    resolutionAnswered.draft(tenant, { commandId: 'cmd_1', callId: 'call_1', gateway: 'gw-2', answer });
  const executed = { decision: 'executed', reason: 'ok', spend: COST } as const;
  const failed = {
    decision: 'failed',
    reason: 'tool_error',
    spend: 0,
    error: { code: 'tool_error', status: null },
  } as const;

  it('resolves a call in doubt as executed, with the result it gives, and keeps who said it', () => {
    given(keyIs(), ...inDoubt)
      .when(word('executed', { result: RESULT, note: 'seen' }))
      .then(resolvedAs({ ...executed, result: RESULT }, { by: 'key_admin', note: 'seen' }), answered('resolved'));
    given(keyIs(), ...inDoubt)
      .when(word('executed'))
      .then(resolvedAs(executed, { by: 'key_admin' }), answered('resolved'));
  });

  it('resolves it as failed', () => {
    given(keyIs(), ...inDoubt)
      .when(word('failed'))
      .then(resolvedAs(failed, { by: 'key_admin' }), answered('resolved'));
  });

  it.each<[string, Draft[]]>([
    ['nobody knows', []],
    ['is under way', [toolIs(), queued(), started()]],
    ['has ended', [toolIs(), queued(), started(), failedWith('tool_error', 422, 1)]],
    ['was resolved before', [...inDoubt, resolvedAs(failed)]],
    ['was held for its 30 days', [...inDoubt, holdIsOver()]],
  ])('changes nothing about a call that %s', (_which, past) => {
    given(keyIs(), ...past)
      .when(word('executed'))
      .then(answered('not_in_doubt'));
  });

  it('changes nothing about another tenant’s call', () => {
    given(keyIs({}, 'globex'), ...inDoubt)
      .when({ ...word('executed'), tenant: 'globex' })
      .then(answered('not_in_doubt', 'globex'));
  });

  it.each<[string, Draft[]]>([
    ['revoked', [keyIs(), keyIsRevoked()]],
    ['expired', [keyIs({ expiresAt: NOON })]],
    ['unknown', []],
    ['another tenant’s', [keyIs({}, 'globex')]],
    ['an agent’s', [keyIs({ role: 'agent', agents: ['*'] })]],
  ])('is refused from a key that is %s', (_what, keys) => {
    given(...keys, ...inDoubt)
      .when(word('executed'))
      .then(answered('not_in_doubt'));
  });

  it('is decided once, also when CALLS holds it twice: two answers would contradict each other', () => {
    const { stage } = given(keyIs(), ...inDoubt);
    expect(stage.take(word('executed'))).toHaveLength(2);
    expect(stage.take(word('executed'))).toEqual([]);
    expect(stage.take(word('executed', { commandId: 'cmd_2' }))).toMatchObject([{ data: { answer: 'not_in_doubt' } }]);
  });

  it('is remembered until nothing that this journal is needed for can hold it again', () => {
    const { stage } = given(keyIs(), answered('resolved'));
    const later = { ...(answered('resolved').data as object), commandId: 'cmd_9' };
    stage.fold({ ...answered('resolved'), data: later }, NOON + 9 * DAY);
    expect([...stage.state.words.keys()]).toEqual(['cmd_1', 'cmd_9']);
    stage.fold(journalKept.draft(NO_TENANT, { from: NOON, needs: [] }), NOON + 9 * DAY);
    expect([...stage.state.words.keys()]).toEqual(['cmd_1', 'cmd_9']);
    stage.fold(journalKept.draft(NO_TENANT, { from: NOON + 2 * DAY, needs: [] }), NOON + 9 * DAY);
    expect([...stage.state.words.keys()]).toEqual(['cmd_9']);
  });
});
