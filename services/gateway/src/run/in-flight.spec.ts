import { InFlight } from './in-flight.js';

describe('calls in flight', () => {
  it('are bounded for each tenant', () => {
    const places = new InFlight(10, 1);
    expect([places.enter('a'), places.enter('a'), places.enter('b')].map((place) => place !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('are bounded in all', () => {
    const places = new InFlight(1, 10);
    expect([places.enter('a'), places.enter('b')].map((place) => place !== undefined)).toEqual([true, false]);
  });

  it('leave their place once', () => {
    const places = new InFlight(1, 1);
    const leave = places.enter('a');
    leave?.();
    leave?.();
    expect([places.enter('a'), places.enter('a')].map((place) => place !== undefined)).toEqual([true, false]);
  });
});
