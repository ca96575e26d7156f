import type { Draft } from '@tollgate/events';
import {
  again,
  asks,
  disabled,
  done,
  doubt,
  ended,
  failedWith,
  holdIsOver,
  leased,
  MISSED,
  NOON,
  NOT_SENT,
  queued,
  REFUSED,
  resolvedDone,
  says,
  SECOND,
  SERVER_ERROR,
  started,
  TOOL_ERROR,
  UNKNOWN,
} from './spec/calls.js';
import { isUnknown, lastAttemptNumber, openAttempts, unknownAttempt } from './dispatch.state.js';
import { given } from './spec/given.js';

const after = (...past: readonly Draft[]) => given(queued(), ...past).stage.state.calls.get('call_1')!;

describe('where a call is', () => {
  it.each<[string, Draft[], object]>([
    ['queued', [], { is: 'queued' }],
    ['trying', [started()], { is: 'trying' }],
    [
      'resting until its next attempt',
      [started(), ended(1, REFUSED, NOON + SECOND)],
      { is: 'resting', until: NOON + SECOND },
    ],
    [
      'asking its tool what became of it',
      [started(), ended(1, UNKNOWN), asks(1, 1, NOON + SECOND)],
      { is: 'asking', until: NOON + SECOND },
    ],
    [
      'resting once its tool has said that it did nothing',
      [started(), ended(1, UNKNOWN), asks(), says('not_executed', { retryAt: NOON + SECOND })],
      { is: 'resting', until: NOON + SECOND },
    ],
    [
      'trying, though an earlier attempt was told of late',
      [started(), again(1, UNKNOWN), started(2), ended(1, NOT_SENT)],
      { is: 'trying' },
    ],
    [
      'in doubt',
      [started(), ended(1, UNKNOWN), doubt('timeout', null, 1, NOON + 1)],
      { is: 'in-doubt', heldUntil: NOON + 1 },
    ],
  ])('is %s', (_where, past, phase) => {
    expect(after(...past).phase).toEqual(phase);
  });

  it.each<[string, Draft]>([
    ['executed', done()],
    ['failed', failedWith('refused', 429, 1)],
    ['blocked', disabled()],
    ['resolved', resolvedDone()],
    ['its hold has ended', holdIsOver()],
  ])('is nowhere once it is %s', (_how, end) => {
    expect(given(queued(), started(), end).stage.state.calls.size).toBe(0);
  });

  it('is not changed by what happens to another', () => {
    const other = leased('other');
    expect(after(queued(other), started(1, NOON, other)).phase).toEqual({ is: 'queued' });
  });
});

describe('the attempts of a call', () => {
  it('use up a try each, sent or not, told of late or not, but for those that we missed ourselves', () => {
    expect(after(started(), again(1, REFUSED)).tries).toBe(1);
    expect(after(again(1, NOT_SENT), again(2, NOT_SENT)).tries).toBe(2);
    expect(after(started(), again(1, UNKNOWN), ended(1, TOOL_ERROR)).tries).toBe(1);
    expect(after(started(), again(1, MISSED), started(2), again(2, REFUSED)).tries).toBe(1);
  });

  it('are numbered on', () => {
    expect(lastAttemptNumber(after())).toBe(0);
    expect(lastAttemptNumber(after(again(1, NOT_SENT), started(2)))).toBe(2);
  });

  it('are open until something is known of them', () => {
    const call = after(started(), again(1, UNKNOWN), started(2));
    expect(openAttempts(call).map(({ number }) => number)).toEqual([2]);
  });

  it('make the call unknown while one of them is, and the last one says why', () => {
    expect(isUnknown(after(started(), again(1, REFUSED)))).toBe(false);
    const call = after(started(), again(1, UNKNOWN), started(2), again(2, SERVER_ERROR));
    expect(unknownAttempt(call)?.why).toEqual({ code: 'server_error', status: 502 });
    expect(isUnknown(after(started(), again(1, UNKNOWN), ended(1, TOOL_ERROR)))).toBe(false);
  });
});
