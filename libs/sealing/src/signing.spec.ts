import { signHex, standardWebhooksSignature, verifyHex, verifyStandardWebhooks } from './signing.js';

describe('the hex signature', () => {
  it('is HMAC-SHA256 of the raw body (RFC 4231, test case 2)', () => {
    expect(signHex('Jefe', 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('verifies its own body and no other', () => {
    const signature = signHex('schlüssel', '{"a":1}');
    expect(verifyHex('schlüssel', Buffer.from('{"a":1}'), signature)).toBe(true);
    expect(verifyHex('schlüssel', '{"a":2}', signature)).toBe(false);
    expect(verifyHex('schlussel', '{"a":1}', signature)).toBe(false);
    expect(verifyHex('schlüssel', '{"a":1}', signature.slice(1))).toBe(false);
  });
});

describe('the Standard Webhooks signature', () => {
  // The example of the specification; its secret is base64, ours are the bytes themselves.
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const timestamp = 1614265330;
  const body = '{"test": 2432232314}';

  it('is what the reference library makes of whsec_ + base64(secret)', () => {
    expect(standardWebhooksSignature('0123456789abcdef', id, timestamp, body)).toBe(
      'v1,r94XOxQw8v+vLaVrXIUkFWnEmqNekP5mdIZf2e/Me5o=',
    );
  });

  it('verifies among several, and refuses another id, time or body', () => {
    const signature = `v1,AAAA ${standardWebhooksSignature('secret-1', id, timestamp, body)}`;
    expect(verifyStandardWebhooks('secret-1', { id, timestamp, signature }, body)).toBe(true);
    expect(verifyStandardWebhooks('secret-1', { id: 'else', timestamp, signature }, body)).toBe(false);
    expect(verifyStandardWebhooks('secret-1', { id, timestamp: timestamp + 1, signature }, body)).toBe(false);
    expect(verifyStandardWebhooks('secret-1', { id, timestamp, signature }, `${body} `)).toBe(false);
  });
});
