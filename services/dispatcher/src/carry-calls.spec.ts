import { journalKept, NO_TENANT } from '@tollgate/events';
import { carryCalls } from './dispatch.state.js';
import {
  doubt,
  ended,
  HOLD,
  NOON,
  queued,
  resolvedDone,
  says,
  SECOND,
  started,
  again,
  asks,
  UNKNOWN,
} from './spec/calls.js';
import { at, given } from './spec/given.js';

const DAY = 24 * 3_600 * SECOND;
const IN_DOUBT = [queued(), started(), again(1, UNKNOWN), doubt('timeout', null, 1)];
const kept = (from: number) => journalKept.draft(NO_TENANT, { from, needs: [] });

describe('a call in doubt that is older than a week', () => {
  const { stage } = given(...IN_DOUBT);

  it('is carried as it is, not before', () => {
    expect([...carryCalls(stage.state, NOON)]).toEqual([]);
    expect([...carryCalls(stage.state, NOON + SECOND)]).toMatchObject([{ type: 'call-carried', tenant: 'acme' }]);
  });

  it('is the same without the events that it was made of', () => {
    const [carried] = carryCalls(stage.state, NOON + DAY);
    const later = given(at(NOON + 7 * DAY, carried!), at(NOON + 7 * DAY, kept(NOON + DAY)));
    const [before, after] = [stage.state.calls.get('call_1')!, later.stage.state.calls.get('call_1')!];
    expect(after).toEqual({ ...before, since: NOON + 7 * DAY });
    expect(later.stage.state.nextDue).toBe(NOON + HOLD);
  });

  it('bears with it what its tool was asked, and said', () => {
    const denied = [asks(), says('not_executed', { retryAt: NOON }), started(2), ended(2, UNKNOWN), asks(1, 2)];
    const past = given(queued(), started(), ended(1, UNKNOWN), ...denied);
    const [carried] = carryCalls(past.stage.state, NOON + DAY);
    const later = given(at(NOON + 7 * DAY, carried!));
    const [before, after] = [past.stage.state.calls.get('call_1')!, later.stage.state.calls.get('call_1')!];
    expect(after).toEqual({ ...before, since: NOON + 7 * DAY });
    expect(after).toMatchObject({ questions: 1, phase: { is: 'asking' }, attempts: [{ known: 'not_executed' }, {}] });
  });

  it('that was resolved, in a part of the journal that is gone, is not taken for one that is still here', () => {
    const half = given(...IN_DOUBT, at(NOON + 8 * DAY, kept(NOON + DAY)));
    expect(half.stage.state.calls.size).toBe(0);
    const whole = given(...IN_DOUBT, resolvedDone(), at(NOON + 8 * DAY, kept(NOON + DAY)));
    expect(whole.stage.state.calls.size).toBe(0);
  });
});
