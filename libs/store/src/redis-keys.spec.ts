import { outcomeKey } from './redis-keys.js';

describe('the key of an outcome', () => {
  it('keeps tenants apart whatever stands in their ids', () => {
    expect(outcomeKey('a:b', 'c')).not.toBe(outcomeKey('a', 'b:c'));
  });

  it('is readable for the ids that Tollgate mints', () => {
    expect(outcomeKey('default', 'call_1')).toBe('tollgate:outcome:default:call_1');
  });
});
