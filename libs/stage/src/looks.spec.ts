import { Looks } from './looks.js';

async function watched(promise: Promise<void>): Promise<() => Promise<boolean>> {
  let done = false;
  void promise.then(() => (done = true));
  return async () => {
    await Promise.resolve();
    await Promise.resolve();
    return done;
  };
}

describe('a look', () => {
  it('is over when every source has been decided to its end, not before', async () => {
    const looks = new Looks();
    const isOver = await watched(
      looks.decidedUpTo(
        new Map([
          ['lease', 5],
          ['dispatch', 3],
        ]),
      ),
    );
    looks.passed('lease', 5);
    looks.passed('dispatch', 2);
    expect(await isOver()).toBe(false);
    looks.passed('dispatch', 3);
    expect(await isOver()).toBe(true);
  });

  it('is over at once at what was decided before', async () => {
    const looks = new Looks();
    looks.passed('lease', 9);
    expect(await (await watched(looks.decidedUpTo(new Map([['lease', 5]]))))()).toBe(true);
    expect(await (await watched(looks.decidedUpTo(new Map([['lease', 0]]))))()).toBe(true);
  });

  it('is not kept by another that waits for more', async () => {
    const looks = new Looks();
    const far = await watched(looks.decidedUpTo(new Map([['lease', 9]])));
    const near = await watched(looks.decidedUpTo(new Map([['lease', 1]])));
    looks.passed('lease', 1);
    expect([await far(), await near()]).toEqual([false, true]);
  });

  it('never goes back', () => {
    const looks = new Looks();
    looks.passed('lease', 9);
    looks.passed('lease', 4);
    expect([looks.reached('lease'), looks.reached('dispatch')]).toEqual([9, 0]);
  });

  it('is given up when nothing more is decided, by whoever waits and whoever asks then', async () => {
    const looks = new Looks();
    const waits = looks.decidedUpTo(new Map([['lease', 5]]));
    looks.abandon(new Error('not the owner any more'));
    await expect(waits).rejects.toThrow('not the owner any more');
    await expect(looks.decidedUpTo(new Map())).rejects.toThrow('not the owner any more');
  });
});
