import { members } from './members.js';
import { usd } from './money.js';
import { plain, plainOr } from './plain.js';
import { columns, table } from './table.js';
import { isoTime, millis, secondsTime } from './time.js';

describe('text', () => {
  it('of others stays on its line, whatever is in it', () => {
    expect(plain('a\nb\u001b[31m\u0007')).toBe('a\u{fffd}b\u{fffd}[31m\u{fffd}');
    expect(plain('pay \u202e001$')).toBe('pay \u{fffd}001$');
    expect(plain({ a: ['é', 1] })).toBe('{"a":["é",1]}');
    expect(plain(undefined)).toBe('');
    expect([plainOr('—', null), plainOr('—', ''), plainOr('—', 'x')]).toEqual(['—', '—', 'x']);
  });

  it.each([
    [0, '$0.00'],
    [12, '$12.00'],
    [0.5, '$0.50'],
    [0.1234, '$0.1234'],
    [0.000001, '$0.000001'],
    [1234567.25, '$1234567.25'],
  ])('of %d dollars is %s', (amount, text) => {
    expect(usd(amount)).toBe(text);
  });

  it('of times is UTC, to the second', () => {
    expect(secondsTime(1795262400.75)).toBe('2026-11-21 12:00:00Z');
    expect(isoTime('2026-11-21T12:00:00.123Z')).toBe('2026-11-21 12:00:00Z');
    expect(isoTime(null)).toBe('—');
    expect([millis(3.4), millis(999), millis(1500)]).toEqual(['3 ms', '999 ms', '1.5 s']);
  });

  it('in columns is as wide as what is seen of it', () => {
    const rows = [
      ['a', 'long', 'x'],
      ['\u001b[32mgood\u001b[39m', 'b', ''],
      ['ümlaut', 'c', 'y'],
    ];
    expect(columns(rows, '> ')).toBe(
      '> a       long  x\n' + '> \u001b[32mgood\u001b[39m    b\n' + '> ümlaut  c     y\n',
    );
  });

  it('of an empty table is a word', () => {
    expect(table(['a'], [], 'no keys')).toBe('no keys\n');
    expect(table(['a', 'b'], [['1', '2']], '')).toBe('a  b\n1  2\n');
  });

  it('of members leaves out what is not there', () => {
    expect(members({ a: 1, b: null, c: undefined, longer: 'x' })).toBe('a       1\nlonger  x\n');
  });
});
