import { amount, flag, oneOf, text, texts, whole } from './option.js';

describe('options', () => {
  it('become what they are for', () => {
    expect(flag('').read(true)).toBe(true);
    expect(flag('').read(undefined)).toBe(false);
    expect(text('', '').read('a')).toBe('a');
    expect(texts('', '').read(['a', 'b'])).toEqual(['a', 'b']);
    expect(texts('', '').read(undefined)).toEqual([]);
    expect(whole('', '').read('500')).toBe(500);
    expect(amount('', '').read('12.50')).toBe(12.5);
    expect(oneOf(['hour', 'day'], '').read('day')).toBe('day');
    expect(whole('', '').read(undefined)).toBeUndefined();
  });

  it.each(['', '-1', '1.5', '1e3', 'ten', '9'.repeat(16)])('refuse %j as a whole number', (given) => {
    expect(() => whole('', '').read(given)).toThrow('takes a whole number');
  });

  it.each(['', '-1', '1,50', '$5', '1e3'])('refuse %j as an amount', (given) => {
    expect(() => amount('', '').read(given)).toThrow('takes an amount in dollars');
  });

  it('refuse what is no choice, and say which there are', () => {
    expect(() => oneOf(['hour', 'day'], '').read('year')).toThrow('one of hour, day, not "year"');
  });
});
