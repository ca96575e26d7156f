import { isSameKey, keyAnswer, keyDocumentOf, mintKey } from './key-edit.js';
import { keyPreview } from './key-preview.js';
import { keyBody } from './keys.schema.js';

const sealingKeys = [{ id: 'k1', key: Buffer.alloc(32, 7) }];
const sent = keyBody.parse({ role: 'agent', agents: ['a', 'a', 'b'], expires_at: '2030-01-01T01:00:00+01:00' });

describe('minting a key', () => {
  it('draws a new one each time', () => {
    expect(mintKey(sealingKeys, 't', undefined).key).not.toBe(mintKey(sealingKeys, 't', undefined).key);
  });

  it('gives the same one for the same idempotency key of the same tenant', () => {
    const first = mintKey(sealingKeys, 't', 'once');
    expect(mintKey(sealingKeys, 't', 'once')).toEqual(first);
    expect(first.key).toMatch(/^tg_live_[\w-]{43}$/);
    expect([mintKey(sealingKeys, 'u', 'once').key, mintKey(sealingKeys, 't', 'twice').key]).not.toContain(first.key);
  });
});

it('a repeat is told from another request under the same idempotency key', () => {
  const minted = mintKey(sealingKeys, 't', 'once');
  const stored = keyDocumentOf(minted, sent, 1);
  expect(isSameKey(stored, keyDocumentOf(minted, sent, 2))).toBe(true);
  expect(isSameKey(stored, keyDocumentOf(minted, keyBody.parse({ role: 'admin' }), 2))).toBe(false);
});

it('an answer has neither the key nor its hash', () => {
  const minted = mintKey(sealingKeys, 't', undefined);
  const stored = keyDocumentOf(minted, sent, 0);
  expect(keyAnswer(stored)).toEqual({
    id: minted.id,
    key_preview: keyPreview(minted.key),
    name: null,
    role: 'agent',
    agents: ['a', 'b'],
    created_at: '1970-01-01T00:00:00.000Z',
    expires_at: '2030-01-01T00:00:00.000Z',
  });
});

it('a preview of a short key shows nothing of it', () => {
  expect([keyPreview('tg_live_short'), keyPreview('sixteen-visible-'), keyPreview('tg_live_0123456789abcdef')]).toEqual(
    ['tg_live_…', '…ble-', 'tg_live_…cdef'],
  );
});

it.each([
  {},
  { role: 'root' },
  { role: 'agent' },
  { role: 'agent', agents: [] },
  { role: 'agent', agents: ['a/b'] },
  { role: 'admin', expires_at: 'soon' },
])('%j is refused', (body) => {
  expect(keyBody.safeParse(body).success).toBe(false);
});
