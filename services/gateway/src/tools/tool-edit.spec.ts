import type { ToolDocument } from '@tollgate/events';
import { mergedTool, secretMask, toolAnswer } from './tool-edit.js';
import { refusesAddress, toolBody } from './tool.schema.js';

const sent = (value: object) => toolBody.parse({ name: 'mail', ...value });
const secret = { secret: { p: 'hush-hush' }, secretId: 's1', secretMask: '***' };
const auth = { type: 'hmac_sha256', secret: 'hush-hush' };
const stored = mergedTool(
  undefined,
  sent({ url: 'https://tools.example/mail', auth, timeout_ms: 1000 }),
  secret,
  1,
) as ToolDocument;

describe('given no tool, when it is posted', () => {
  it('it has the defaults where nothing was said', () => {
    expect(stored).toMatchObject({
      scope: 'global',
      timeoutMs: 1000,
      maxRetries: 2,
      enabled: true,
      onUnknown: 'hold',
      dedupWindowSec: 86_400,
      runIdIsArgument: false,
      serverErrorIs: 'failed',
      createdAt: 1,
      updatedAt: 1,
    });
  });

  it('it needs a URL and a secret', () => {
    expect(mergedTool(undefined, sent({}), secret, 1)).toBe('url');
    expect(mergedTool(undefined, sent({ url: 'https://x.example' }), undefined, 1)).toBe('auth');
  });
});

describe('given a tool, when it is posted again', () => {
  it('missing members keep their value', () => {
    expect(mergedTool(stored, sent({ max_retries: 0 }), secret, 2)).toEqual({ ...stored, maxRetries: 0, updatedAt: 2 });
  });

  it('it cannot ask what became of a call where it does not say whom', () => {
    expect(mergedTool(stored, sent({ on_unknown: 'reconcile' }), secret, 2)).toBe('reconcile_url');
    const asks = { on_unknown: 'reconcile', reconcile_url: 'https://tools.example/known' };
    const asking = mergedTool(stored, sent(asks), secret, 2) as ToolDocument;
    expect(toolAnswer(asking, 2)).toMatchObject(asks);
    expect(mergedTool(asking, sent(asks), secret, 3)).toBe(asking);
  });

  it('a repeat changes nothing', () => {
    expect(mergedTool(stored, sent({ timeout_ms: 1000 }), secret, 2)).toBe(stored);
  });
});

it('an answer has no secret', () => {
  const answer = toolAnswer(stored, 2);
  expect(answer).toMatchObject({
    has_secret: true,
    secret_id: 's1',
    secret_mask: '***',
    created_at: '1970-01-01T00:00:00.001Z',
  });
  expect(JSON.stringify(answer)).not.toContain('hush');
});

it('a mask shows the end of a long secret only', () => {
  expect([secretMask('123456789012345'), secretMask('1234567890123456')]).toEqual(['***', '***456']);
});

describe('a tool is refused', () => {
  it.each([
    { name: 'a b' },
    { name: '' },
    { name: 'x'.repeat(129) },
    { scope_id: 'all' },
    { url: 'ftp://x.example' },
    { url: 'https://user:pass@x.example' },
    { url: 'https://@x.example' },
    { url: `https://x.example/${'a'.repeat(2_048)}` },
    { url: 'tools.example' },
    { auth: { type: 'bearer', secret: 'long enough' } },
    { auth: { type: 'hmac_sha256', secret: 'short' } },
    { auth: { ...auth, overlap_sec: -1 } },
    { auth: { ...auth, overlap_sec: 604_801 } },
    { timeout_ms: 249 },
    { timeout_ms: 120_001 },
    { max_retries: 11 },
    { enabled: 'yes' },
    { description: 'x'.repeat(513) },
    { on_unknown: 'guess' },
    { reconcile_url: 'ftp://x.example' },
    { dedup_window_sec: 2_592_001 },
    { server_error_is: 'executed' },
  ])('%j', (members) => {
    expect(toolBody.safeParse({ name: 'mail', ...members }).success).toBe(false);
  });
});

it('a literal address is held against the rule, whatever its notation', () => {
  const urls = [
    'http://127.0.0.1:1/',
    'http://0x7f.1/',
    'http://10.0.0.1/',
    'http://[::ffff:10.0.0.1]/',
    'http://8.8.8.8/',
    'http://name.example/',
  ];
  expect(urls.map((url) => refusesAddress(url, 'public'))).toEqual([true, true, true, true, false, false]);
  expect(urls.map((url) => refusesAddress(url, 'loopback'))).toEqual([false, false, true, true, false, false]);
});
