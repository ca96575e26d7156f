import { apiKeyHash, canonicalJson, deriveKey, keyedHash, outgoingKey } from './hashing.js';
import { mintSealingKey } from './keys.js';

describe('canonical JSON', () => {
  it('is that of RFC 8785, section 3.2.2', () => {
    const example = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\/',
      literals: [null, true, false],
    };
    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('does not depend on the order of members, and does on that of elements', () => {
    expect(canonicalJson({ b: 1, a: { d: 2, c: 3 } })).toBe(canonicalJson({ a: { c: 3, d: 2 }, b: 1 }));
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
    expect(canonicalJson(-0)).toBe('0');
  });
});

describe('a keyed hash', () => {
  it('is HMAC-SHA256 (RFC 4231, test case 2)', () => {
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    const hash = keyedHash(Buffer.from('Jefe'), 'what do ya want for nothing?');
    expect(Buffer.from(hash, 'base64url').toString('hex')).toBe(expected);
  });
});

describe('a derived key', () => {
  const oldest = { id: 'a', key: Buffer.alloc(32, 1) };

  it('stays the same when the sealing key is rotated', () => {
    const before = deriveKey([oldest], 'args-hash', 'acme');
    expect(deriveKey([mintSealingKey(), oldest], 'args-hash', 'acme')).toEqual(before);
    expect(before).toHaveLength(32);
  });

  it('is another for another tenant and another purpose', () => {
    const keys = [
      deriveKey([oldest], 'args-hash', 'acme'),
      deriveKey([oldest], 'args-hash', 'other'),
      deriveKey([oldest], 'else', 'acme'),
      deriveKey([mintSealingKey()], 'args-hash', 'acme'),
    ].map((key) => key.toString('hex'));
    expect(new Set(keys).size).toBe(4);
  });
});

describe('the hash of an API key', () => {
  it('is SHA-256 in hex', () => {
    expect(apiKeyHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('an outgoing key', () => {
  const parts = { tenant: 't', agent: 'a', tool: 'x', scope: 'global', dedupKey: 'd', claim: 'call_1' };

  it('is stable: tools compare it over restarts and versions', () => {
    expect(outgoingKey(parts)).toBe('tg_P4Igish9GhIqw9ZeS22yqyq9XoWUHgc2YDkKAeQW5jM');
  });

  it('differs as soon as one part does, wherever the letters are cut', () => {
    const keys = [
      outgoingKey(parts),
      ...Object.keys(parts).map((part) => outgoingKey({ ...parts, [part]: 'else' })),
      outgoingKey({ ...parts, tenant: 'ta', agent: '' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
