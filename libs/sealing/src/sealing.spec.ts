import { createCipheriv } from 'node:crypto';
import { mintSealingKey } from './keys.js';
import { createSealer, type SealedEnvelope } from './sealing.js';
import { SealingError } from './sealing-error.js';

const aad = { tenant: 'acme', callId: 'call_1' };
const value = { amount: 100, note: 'ünïcode', nested: [null, true, { deep: 'x' }] };
const current = mintSealingKey();
const sealer = createSealer({ keys: [current], mode: 'on' });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SealingError) return error.code;
    throw error;
  }
  return 'no error';
}

function sealed(envelope: SealedEnvelope): { k: string; b: string } {
  if ('p' in envelope) throw new Error('not sealed');
  return envelope;
}

describe('a sealer', () => {
  it('opens what it sealed', () => {
    expect(sealer.open(JSON.parse(JSON.stringify(sealer.seal(value, aad))), aad)).toEqual(value);
  });

  it('shows nothing of the value and never makes the same envelope twice', () => {
    const [first, second] = [sealer.seal(value, aad), sealer.seal(value, aad)];
    expect(JSON.stringify(first)).not.toContain('amount');
    expect(first).not.toEqual(second);
    expect(sealed(first).k).toBe(current.id);
  });

  it.each([
    ['another tenant', { ...aad, tenant: 'other' }],
    ['another call', { ...aad, callId: 'call_2' }],
    ['the same letters cut elsewhere', { tenant: 'acmec', callId: 'all_1' }],
  ])('refuses an envelope for %s', (_, other) => {
    expect(codeOf(() => sealer.open(sealer.seal(value, aad), other))).toBe('bad_envelope');
  });

  it('refuses an envelope of which any byte was changed', () => {
    const { k, b } = sealed(sealer.seal('x', aad));
    const box = Buffer.from(b, 'base64');
    for (let index = 0; index < box.length; index += 1) {
      const changed = Buffer.from(box);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(codeOf(() => sealer.open({ k, b: changed.toString('base64') }, aad))).toBe('bad_envelope');
    }
  });

  it.each([[null], ['text'], [{}], [{ k: 'only' }], [{ k: 1, b: 2 }], [{ k: current.id, b: '' }], [[]]])(
    'refuses %j, which is no envelope',
    (envelope) => {
      expect(codeOf(() => sealer.open(envelope, aad))).toBe('bad_envelope');
    },
  );

  it('opens with a key that was rotated away, and says so when the key is gone', () => {
    const old = sealer.seal(value, aad);
    const next = mintSealingKey();
    const rotated = createSealer({ keys: [next, current], mode: 'on' });
    expect(rotated.open(old, aad)).toEqual(value);
    expect(sealed(rotated.seal(value, aad)).k).toBe(next.id);
    expect(codeOf(() => createSealer({ keys: [next], mode: 'on' }).open(old, aad))).toBe('unknown_key');
  });

  it('leaves the value readable when sealing is off, and still opens what was sealed', () => {
    const off = createSealer({ keys: [current], mode: 'off' });
    expect(off.seal(value, aad)).toEqual({ p: value });
    expect(off.open({ p: value }, aad)).toEqual(value);
    expect(off.open({ p: null }, aad)).toBeNull();
    expect(off.open(sealer.seal(value, aad), aad)).toEqual(value);
    expect(sealer.open({ p: value }, aad)).toEqual(value);
  });

  it('never says in an error what was inside', () => {
    const nonce = Buffer.alloc(12, 7);
    const cipher = createCipheriv('aes-256-gcm', current.key, nonce);
    cipher.setAAD(Buffer.from('["acme","call_1"]'));
    const box = [nonce, cipher.update('canary, not JSON', 'utf8'), cipher.final(), cipher.getAuthTag()];
    let thrown: unknown;
    try {
      sealer.open({ k: current.id, b: Buffer.concat(box).toString('base64') }, aad);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SealingError);
    expect(String((thrown as SealingError).stack)).not.toContain('canary');
    expect((thrown as SealingError).cause).toBeUndefined();
  });
});
