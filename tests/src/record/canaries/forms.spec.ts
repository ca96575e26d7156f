import { formsIn, formsOf } from './forms.js';

const CANARY = 'cnry-7f3a9b"é\n';
const found = (hidden: string | Buffer): string[] => formsIn(Buffer.from(hidden), formsOf(CANARY));

describe('the search for canaries finds one', () => {
  it('as it is', () => {
    expect(found(`before ${CANARY} behind`)).toContain('plain');
  });

  it('escaped as JSON, also inside JSON that was escaped again', () => {
    expect(found(JSON.stringify({ args: CANARY }))).toContain('JSON');
    expect(found(JSON.stringify({ body: JSON.stringify({ args: CANARY }) }))).toContain('JSON in JSON');
  });

  it('with every character escaped', () => {
    const units = Array.from(CANARY, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    expect(found(`x${units.join('')}x`)).toContain('unicode escapes');
  });

  it('in a URL', () => {
    expect(found(`?a=${encodeURIComponent(CANARY)}`)).toContain('percent');
  });

  it('as hex of either case', () => {
    const hex = Buffer.from(`x${CANARY}x`).toString('hex');
    expect(found(hex)).toContain('hex');
    expect(found(hex.toUpperCase())).toContain('HEX');
  });

  it.each(['', 'a', 'ab', 'abc', 'abcd'])('in base64 behind "%s", whatever follows', (before) => {
    for (const behind of ['', '!', '!!', '!!!']) {
      const hidden = Buffer.from(`${before}${CANARY}${behind}`);
      expect(found(hidden.toString('base64'))).toContain(`base64 at ${before.length % 3}`);
      expect(found(hidden.toString('base64url'))).not.toEqual([]);
    }
  });

  it('and finds none where there is none', () => {
    expect(found('cnry-7f3a9c and other words')).toEqual([]);
  });
});
