import { refusedOutcome, type Draft } from '@tollgate/events';
import {
  again,
  agentIsDisabled,
  CALL_DEADLINE,
  disabled,
  doubt,
  ended,
  failedAs,
  failedWith,
  HOLD,
  leased,
  NOON,
  NOT_SENT,
  one,
  queued,
  REFUSED,
  SECOND,
  started,
  TENANT,
  TIMEOUT,
  toolIs,
  toolIsGone,
  UNKNOWN,
} from './spec/calls.js';
import { dispatchStage } from './dispatch.stage.js';
import { given } from './spec/given.js';

const gone = failedAs(refusedOutcome('tool_not_found'));
const off = failedAs(refusedOutcome('tool_disabled'));
const prepared = { prepared: 'call_1' };

describe('a call that was admitted', () => {
  it('is queued', () => {
    given(toolIs()).when({ reserved: one }).then(queued());
  });

  it('begins its first attempt at once when all stands ready', () => {
    given(toolIs()).when({ reserved: one, ready: true }).then(queued(), started());
  });

  it.each<[string, Draft[], number, Draft]>([
    ['its agent was disabled meanwhile', [toolIs(), agentIsDisabled()], NOON, disabled()],
    ['its deadline has come', [toolIs()], CALL_DEADLINE, failedWith('expired', null)],
    ['its tool is gone', [toolIs(), toolIsGone()], NOON, gone],
    ['its tool was disabled', [toolIs({ enabled: false })], NOON, off],
  ])('ends at once when %s, whatever stands ready', (_why, config, now, end) => {
    given(...config)
      .when({ reserved: one, ready: true }, now)
      .then(end);
  });

  it('is not kept by what was disabled for another agent or tenant', () => {
    given(toolIs(), agentIsDisabled('support')).when({ reserved: one }).then(queued());
    given(toolIs(), { ...agentIsDisabled(), tenant: 'globex' })
      .when({ reserved: one })
      .then(queued());
  });
});

describe('a call whose connection stands', () => {
  it('begins its attempt, until the timeout of the tool and a margin', () => {
    given(toolIs(), queued())
      .when(prepared, NOON + SECOND)
      .then(started(1, NOON + SECOND));
    given(toolIs({ timeoutMs: 250 }), queued())
      .when(prepared)
      .then(started(1, NOON + 250 - TIMEOUT));
  });

  it('begins the next attempt behind those there were, sent or not', () => {
    given(toolIs(), queued(), again(1, NOT_SENT)).when(prepared).then(started(2));
    given(toolIs(), queued(), again(1, NOT_SENT), started(2), again(2, REFUSED)).when(prepared).then(started(3));
  });

  it('waits for the time of its next attempt', () => {
    const past = given(toolIs(), queued(), ended(1, REFUSED, NOON + 5 * SECOND));
    past.when(prepared, NOON + 5 * SECOND - 1).then();
    past.when(prepared, NOON + 5 * SECOND).then(started(2, NOON + 5 * SECOND));
  });

  it('begins one attempt at a time', () => {
    given(toolIs(), queued(), started()).when(prepared).then();
  });

  it('begins none once the call has ended or is in doubt', () => {
    given(toolIs()).when(prepared).then();
    given(toolIs(), queued(), disabled()).when(prepared).then();
    given(toolIs(), queued(), started(), ended(1, UNKNOWN), doubt('timeout', null, 1))
      .when(prepared)
      .then();
  });

  it.each<[string, Draft[], number, Draft]>([
    ['its agent was disabled meanwhile', [agentIsDisabled()], NOON, disabled()],
    ['its deadline has come', [], CALL_DEADLINE, failedWith('expired', null)],
    ['its tool is gone', [toolIsGone()], NOON, gone],
    ['its tool was disabled', [toolIs({ enabled: false })], NOON, off],
  ])('ends when %s', (_why, config, now, end) => {
    given(toolIs(), queued(), ...config)
      .when(prepared, now)
      .then(end);
  });

  it.each<[string, Draft[], number]>([
    ['its agent was disabled meanwhile', [agentIsDisabled()], NOON],
    ['its deadline has come', [], CALL_DEADLINE],
    ['its tool is gone', [toolIsGone()], NOON],
    ['its tool was disabled', [toolIs({ onUnknown: 'retry', enabled: false })], NOON],
  ])('ends in doubt when %s and an attempt is unknown: unknown is never guessed', (_why, config, now) => {
    given(toolIs({ onUnknown: 'retry' }), queued(), started(), again(1, UNKNOWN), ...config)
      .when(prepared, now)
      .then(doubt('timeout', null, 1, now + HOLD));
  });

  it('ends by its word, not in doubt, where the tool says on_unknown fail', () => {
    given(toolIs({ onUnknown: 'fail' }), queued(), started(), again(1, UNKNOWN), agentIsDisabled())
      .when(prepared)
      .then(disabled());
  });
});

describe('the kill switch', () => {
  it('ends what waits or rests, and leaves what is under way to its answer', () => {
    const [waits, rests, tries, other] = [
      leased('waits'),
      leased('rests'),
      leased('tries'),
      leased('other', 'support'),
    ];
    given(
      toolIs(),
      ...[waits, rests, tries, other].map(queued),
      started(1, NOON, rests),
      again(1, REFUSED, rests),
      started(1, NOON, tries),
      agentIsDisabled(),
    )
      .when('config-changed')
      .then(disabled(waits), disabled(rests));
  });

  it('changes nothing for calls in doubt, nor while nobody is disabled', () => {
    given(toolIs(), queued()).when('config-changed').then();
    given(toolIs(), queued(), started(), ended(1, UNKNOWN), doubt('timeout', null, 1), agentIsDisabled())
      .when('config-changed')
      .then();
  });

  it('ends thousands a bounded number at a time: the stage asks to go on until none is left', () => {
    const many = Array.from({ length: 1_000 }, (_, n) => leased(`call ${n}`));
    const { stage } = given(toolIs(), ...many.map(queued), agentIsDisabled());
    let rounds = 0;
    while (stage.state.calls.size > 0) {
      const drafts = stage.take('config-changed', NOON + SECOND);
      expect(drafts.length).toBeLessThanOrEqual(100);
      if (stage.state.calls.size > 0) expect(dispatchStage.wakeAt(stage.state)).toBeLessThanOrEqual(NOON + SECOND);
      rounds += 1;
    }
    expect(rounds).toBe(10);
  });
});

describe('a kill switch that has more to end', () => {
  it('goes on by the timer, also when something else is due then', () => {
    const many = Array.from({ length: 250 }, (_, n) => leased(`call ${n}`));
    const soon = leased('due soon', 'support', NOON + SECOND);
    const { stage } = given(toolIs(), ...[...many, soon].map(queued), agentIsDisabled());
    stage.take('config-changed');
    while (stage.state.calls.size > 0) {
      expect(dispatchStage.wakeAt(stage.state)).toBeLessThanOrEqual(NOON + SECOND);
      expect(stage.take('timer', NOON + SECOND)).not.toEqual([]);
    }
  });
});

describe('an input that cannot be read', () => {
  it('ends a new call, and leaves one that this stage has', () => {
    const { stage } = given(toolIs(), queued());
    expect(dispatchStage.parked(stage.state, leased('new').call, NOON, TENANT)).toEqual([
      failedWith('internal_error', null, undefined, leased('new')),
    ]);
    expect(dispatchStage.parked(stage.state, one.call, NOON, TENANT)).toEqual([]);
  });
});
