import { idOfTime, nextEventId } from '@tollgate/events';
import fc from 'fast-check';
import { aboveAllWatermarks, watermarkOf } from './watermark.js';

const NOON = Date.UTC(2026, 10, 21, 12);
const BOUND_MS = 1_000;

describe('the watermark of a journal', () => {
  it('is where its owner stands among ids', () => {
    expect(watermarkOf(NOON, undefined)).toBe(idOfTime(NOON));
  });

  it('lies below what is decided and not acknowledged', () => {
    const decided = nextEventId(0, NOON - 50, 'lease', 0);
    expect(watermarkOf(NOON, decided)).toBe(decided - 1);
  });

  it('never lies ahead of the clock: who takes over knows nothing of ids that were not journaled', () => {
    const ahead = nextEventId(idOfTime(NOON + 60_000), NOON, 'lease', 0);
    expect(watermarkOf(NOON, ahead)).toBe(idOfTime(NOON));
  });

  it('is passed by every event of the next owner, whatever the two clocks are off', () => {
    const off = fc.integer({ min: -BOUND_MS, max: BOUND_MS });
    fc.assert(
      fc.property(off, off, fc.nat({ max: 10_000 }), (oldOff, newOff, laterMs) => {
        const said = watermarkOf(NOON + oldOff, undefined);
        const takenOverAt = NOON + laterMs;
        const floor = aboveAllWatermarks(takenOverAt, BOUND_MS);
        expect(nextEventId(floor, takenOverAt + newOff, 'lease', 0)).toBeGreaterThan(said);
      }),
    );
  });
});
