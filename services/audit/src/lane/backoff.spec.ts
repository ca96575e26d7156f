import { Backoff } from './backoff.js';

describe('growing delays', () => {
  it('double up to the most, and begin again after a success', () => {
    const backoff = new Backoff(100, 350, () => 1);
    expect([backoff.next(), backoff.next(), backoff.next(), backoff.next()]).toEqual([100, 200, 350, 350]);
    backoff.reset();
    expect(backoff.isFresh).toBe(true);
    expect(backoff.next()).toBe(100);
  });

  it('differ by up to a half, so that two processes do not meet again', () => {
    expect(new Backoff(100, 350, () => 0).next()).toBe(50);
  });
});
