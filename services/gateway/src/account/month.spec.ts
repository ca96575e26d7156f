import { monthAt } from './month.js';

describe('the month of usage (contract section 7)', () => {
  it('begins and ends at midnight, UTC', () => {
    const last = Date.UTC(2026, 10, 30, 23, 59, 59, 999);
    expect(monthAt(last)).toEqual({
      name: '2026-11',
      first: '2026-11-01',
      end: '2026-12-01',
      endsAt: '2026-12-01T00:00:00.000Z',
    });
    expect(monthAt(last + 1).name).toBe('2026-12');
  });

  it('is followed by January in December', () => {
    expect(monthAt(Date.UTC(2026, 11, 31))).toMatchObject({ first: '2026-12-01', end: '2027-01-01' });
  });
});
