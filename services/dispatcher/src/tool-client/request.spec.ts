import { verifyHex, verifyStandardWebhooks } from '@tollgate/sealing';
import { dispatchRequest, reconcileRequest } from './request.js';

const signing = { secret: 'sécret-of-tool', nowMs: 1_700_000_000_999, traceparent: '00-a-b-01' };
const dispatch = {
  tool: 'refund',
  agent: 'äg',
  args: { amount: 1, note: '\ud800' },
  runId: 'run',
  callId: 'call_1',
  requestId: 'req_1',
  idempotencyKey: 'tg_key',
};

describe('dispatchRequest', () => {
  const { headers, body } = dispatchRequest(dispatch, signing);

  it('tells the tool the call, as the contract names its members', () => {
    expect(JSON.parse(body.toString())).toEqual({
      tool: 'refund',
      agent_id: 'äg',
      args: { amount: 1, note: '\ud800' },
      run_id: 'run',
      call_id: 'call_1',
      request_id: 'req_1',
      idempotency_key: 'tg_key',
      timestamp: 1_700_000_000,
    });
  });

  it('carries the headers of the contract', () => {
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      'User-Agent': 'Tollgate',
      'X-OnceOnly-Signature': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      'X-OnceOnly-Signature-Alg': 'hmac_sha256',
      'X-OnceOnly-Timestamp': '1700000000',
      'Idempotency-Key': 'tg_key',
      'webhook-id': 'tg_key',
      'webhook-timestamp': '1700000000',
      'webhook-signature': expect.stringMatching(/^v1,/) as string,
      traceparent: '00-a-b-01',
    });
  });

  it('is signed twice, over exactly the bytes that are sent', () => {
    const signature = headers['webhook-signature'] ?? '';
    expect(verifyHex(signing.secret, body, headers['X-OnceOnly-Signature'] ?? '')).toBe(true);
    expect(verifyStandardWebhooks(signing.secret, { id: 'tg_key', timestamp: 1_700_000_000, signature }, body)).toBe(
      true,
    );
  });
});

describe('while the old secret and the new one overlap', () => {
  const both = { secret: 'new-secret', previousSecret: 'old-secret', nowMs: 1_000 };
  it.each([
    ['dispatchRequest', dispatchRequest(dispatch, both)],
    ['reconcileRequest', reconcileRequest(dispatch, both)],
  ])('%s is signed with each: beside one another, or in one list', (_name, { headers, body }) => {
    expect(verifyHex('new-secret', body, headers['X-OnceOnly-Signature'] ?? '')).toBe(true);
    expect(verifyHex('old-secret', body, headers['X-OnceOnly-Signature-Previous'] ?? '')).toBe(true);
    const signature = headers['webhook-signature'] ?? '';
    expect(signature).toMatch(/^v1,[^ ]+ v1,[^ ]+$/);
    for (const secret of ['new-secret', 'old-secret']) {
      expect(verifyStandardWebhooks(secret, { id: 'tg_key', timestamp: 1, signature }, body)).toBe(true);
    }
    expect(verifyStandardWebhooks('another', { id: 'tg_key', timestamp: 1, signature }, body)).toBe(false);
  });
});

describe('reconcileRequest', () => {
  it('says as much as the question needs, signed alike', () => {
    const { headers, body } = reconcileRequest(dispatch, { secret: 'secret-1', nowMs: 1_000 });
    expect(JSON.parse(body.toString())).toEqual({
      tool: 'refund',
      idempotency_key: 'tg_key',
      call_id: 'call_1',
      timestamp: 1,
    });
    expect(verifyHex('secret-1', body, headers['X-OnceOnly-Signature'] ?? '')).toBe(true);
    expect(headers).not.toHaveProperty('traceparent');
  });
});
