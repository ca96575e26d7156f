import type { Clock } from '@tollgate/journal';
import { WakeUp } from './wake-up.js';

/** A clock that is moved by hand. */
function handClock() {
  let now = 1_000;
  let due: { at: number; work: () => void } | undefined;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after: (ms, work) => {
      due = { at: now + ms, work };
      return () => (due = undefined);
    },
    soon: (work) => {
      work();
    },
    newName: () => 'name',
  };
  const advance = (ms: number): void => {
    now += ms;
    if (due !== undefined && due.at <= now) {
      const { work } = due;
      due = undefined;
      work();
    }
  };
  return { clock, advance };
}

describe('the alarm of a stage', () => {
  const rung = () => {
    const { clock, advance } = handClock();
    let rings = 0;
    const wakeUp: WakeUp = new WakeUp(clock, () => {
      rings += 1;
      wakeUp.answered(false);
    });
    return { wakeUp, advance, rings: () => rings };
  };

  it('rings when its time has come, and at once where that is past', () => {
    const { wakeUp, advance, rings } = rung();
    wakeUp.set(1_010);
    advance(9);
    expect(rings()).toBe(0);
    advance(1);
    expect(rings()).toBe(1);
    wakeUp.answered(true);
    wakeUp.set(5);
    advance(0);
    expect(rings()).toBe(2);
  });

  it('rests after a ring in vain, and rings though it is set again and again meanwhile', () => {
    const { wakeUp, advance, rings } = rung();
    wakeUp.answered(false);
    for (let turns = 0; turns < 10; turns++) {
      wakeUp.set(0);
      advance(6);
    }
    expect(rings()).toBe(1);
  });

  it('never rings once stopped or set to never', () => {
    const { wakeUp, advance, rings } = rung();
    wakeUp.set(1_001);
    wakeUp.set(undefined);
    advance(10);
    wakeUp.set(1_020);
    wakeUp.stop();
    advance(100);
    expect(rings()).toBe(0);
  });
});
