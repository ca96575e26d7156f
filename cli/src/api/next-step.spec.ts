import type { Attempt } from './attempt.js';
import { callIdIn, callMayHaveArrived, nextStep, type NextStep } from './next-step.js';

const answered = (status: number, body?: unknown, retryAfterSec?: number): Attempt => ({
  is: 'answered',
  status,
  body,
  retryAfterSec,
  lagSec: undefined,
});
const withCall = { detail: { error: 'unavailable', call_id: 'call_1' } };
const lost: Attempt = { is: 'lost', why: 'ECONNRESET' };
const unreached: Attempt = { is: 'unreached', why: 'ECONNREFUSED' };

const PLENTY = 30_000;
const again = (afterMs: number): NextStep => ({ then: 'again', afterMs });
const STOP: NextStep = { then: 'stop' };

describe('after an attempt', () => {
  it.each([200, 201, 202, 401, 404, 409, 422, 500])('%d is the answer', (status) => {
    const answer = answered(status);
    expect(nextStep(answer, 'when-unsent', PLENTY)).toEqual({ then: 'take', answer });
  });

  it('what is busy is asked again after as long as it says, else after a second', () => {
    expect(nextStep(answered(503, undefined, 7), 'always', PLENTY)).toEqual(again(7_000));
    expect(nextStep(answered(429, undefined, 2), 'always', PLENTY)).toEqual(again(2_000));
    expect(nextStep(answered(503), 'always', PLENTY)).toEqual(again(1_000));
  });

  it('nothing is asked again past the time that there is for it', () => {
    expect(nextStep(answered(503, undefined, 7), 'always', 7_000)).toEqual(again(7_000));
    expect(nextStep(answered(503, undefined, 7), 'always', 6_999)).toEqual(STOP);
    expect(nextStep(answered(503), 'always', 0)).toEqual(STOP);
  });

  it('a server that is not there is not waited for', () => {
    expect(nextStep(unreached, 'always', PLENTY)).toEqual(STOP);
  });

  it('a call that may have arrived is sent again only where that is safe', () => {
    for (const tried of [lost, answered(503, withCall), answered(502), answered(504)]) {
      expect(callMayHaveArrived(tried)).toBe(true);
      expect(nextStep(tried, 'always', PLENTY)).toEqual(again(1_000));
      expect(nextStep(tried, 'when-unsent', PLENTY)).toEqual(STOP);
    }
  });

  it('a call that has not is sent again anyhow: contract section 0, a 503 without its id', () => {
    for (const tried of [answered(503, { detail: { error: 'unavailable' } }), answered(429)]) {
      expect(callMayHaveArrived(tried)).toBe(false);
      expect(nextStep(tried, 'when-unsent', PLENTY)).toEqual(again(1_000));
    }
    expect(callMayHaveArrived(unreached)).toBe(false);
  });

  it('knows the call of an error, where it names one', () => {
    expect(callIdIn(withCall)).toBe('call_1');
    for (const body of [undefined, 'text', {}, { detail: 'Not Found' }, { detail: { call_id: 1 } }]) {
      expect(callIdIn(body)).toBeUndefined();
    }
  });
});
