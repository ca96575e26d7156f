import { DEFAULT_PLANS, Plans } from './plans.js';

const plans = new Plans(DEFAULT_PLANS, 'unlimited');
const [HOUR, DAY] = [3_600, 86_400];

describe('the table of contract section 9', () => {
  it.each([
    ['free', false, false, false, 1, [60, HOUR], [1e3, 3e3], true],
    ['starter', true, false, false, 20, [HOUR, DAY], [20e3, 100e3], false],
    ['pro', true, true, true, 100, [6 * HOUR, 7 * DAY], [200e3, 1e6], false],
    ['agency', true, true, true, 1_000, [DAY, 30 * DAY], [2e6, 10e6], false],
    ['unlimited', true, true, true, 0, [DAY, 30 * DAY], [0, 0], false],
  ])('%s', (name, caps, pricing, agents, maxTools, [standard, most], [make, ai], stopsAtCredits) => {
    const ttlSec = { default: standard, most };
    expect(plans.of(name)).toEqual({
      name,
      caps,
      pricing,
      agents,
      maxTools,
      ttlSec,
      credits: { make, ai },
      stopsAtCredits,
    });
  });
});

describe('the plan of a tenant', () => {
  it.each([undefined, 'of another table'])('%s: the default', (name) => {
    expect(plans.of(name).name).toBe('unlimited');
  });

  it('is none where the default is none of the table', () => {
    expect(() => new Plans(DEFAULT_PLANS, 'golden')).toThrow(RangeError);
  });
});
