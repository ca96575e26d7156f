import { nextEventId } from '@tollgate/events';
import { monthOfId, monthOfTime } from './month.js';

describe('the month of an event id', () => {
  it('is the month of its time, for every journal', () => {
    const id = nextEventId(0, Date.UTC(2026, 10, 30, 23, 59, 59, 999), 'dispatch', 15);
    expect(monthOfId(id).name).toBe('2026_11');
  });

  it('borders on the next without a gap', () => {
    const [december, january] = [monthOfTime(Date.UTC(2026, 11, 15)), monthOfTime(Date.UTC(2027, 0, 1))];
    expect(january).toMatchObject({ name: '2027_01', from: december.to });
  });
});
