import { trace } from '@opentelemetry/api';
import { secretCallId, type AddressRule, type ToolDocument } from '@tollgate/events';
import { systemClock, type MessageBus } from '@tollgate/journal';
import { createLogger } from '@tollgate/runtime';
import { createSealer, mintSealingKey, verifyHex } from '@tollgate/sealing';
import { Asking } from './asking.js';
import { asks, ended, queued, started, TENANT, tool, UNKNOWN } from './spec/calls.js';
import { given } from './spec/given.js';
import { answer, ScriptedTool, type Script } from './tool-client/spec/scripted-tool.js';
import { ToolClient } from './tool-client/index.js';

const SECRET = 'a-secret-of-the-tool';
const sealer = createSealer({ keys: [mintSealingKey()], mode: 'on' });
const sealed = (secret: string) => sealer.seal(secret, { tenant: TENANT, callId: secretCallId('pay') });
const call = given(queued(), started(), ended(1, UNKNOWN), asks()).stage.state.calls.get('call_1')!;
const NOTHING = { says: 'unknown', httpStatus: null };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Around {
  readonly rule: AddressRule;
  readonly host: string;
  readonly mayAsk: boolean;
}

/** One question to a real tool on loopback, and what came of it. */
async function ask(script: Script, change: Partial<ToolDocument> = {}, around: Partial<Around> = {}) {
  const { rule = 'loopback', host = '127.0.0.1', mayAsk = true } = around;
  const server = await ScriptedTool.start(script);
  const client = new ToolClient({ addresses: rule, maxResponseBytes: 262_144 });
  cleanups.push(
    () => server.stop(),
    () => client.close(),
  );
  const asked = {
    ...tool,
    secret: sealed(SECRET),
    timeoutMs: 500,
    reconcileUrl: server.url.replace('127.0.0.1', host),
    ...change,
  };
  const log = createLogger({ level: 'silent' });
  const tools = { client, sealer, clock: systemClock, log, tracer: trace.getTracer('spec'), bus: {} as MessageBus };
  const limits = { perTool: 1, perTenant: 1 };
  const word = await new Asking(call, asked, { ...tools, limits }, () => mayAsk).run();
  return { word, server, request: server.requests[0] };
}

const saying =
  (status: number, body: object | string, ...headers: string[]): Script =>
  (socket) =>
    socket.write(answer(status, typeof body === 'string' ? body : JSON.stringify(body), ...headers));

describe('a question to reconcile_url (contract 6)', () => {
  it('names the key and the call, signed like a dispatch, and nothing of the arguments or the agent', async () => {
    const { request = '', server } = await ask(saying(200, { status: 'unknown' }));
    const [head = '', body = ''] = request.split('\r\n\r\n');
    const header = (name: string) => new RegExp(`^${name}: (.*)\r?$`, 'im').exec(head)?.[1] ?? '';
    expect(head.split('\r\n')[0]).toBe('POST /hook?x=1 HTTP/1.1');
    const { idempotency_key, timestamp, ...others } = JSON.parse(body) as Record<string, unknown>;
    expect(others).toEqual({ tool: 'pay', call_id: 'call_1' });
    expect(idempotency_key).toBe(call.leased.grant.outgoingKey);
    expect(header('Idempotency-Key')).toBe(idempotency_key);
    expect(header('X-OnceOnly-Timestamp')).toBe(String(timestamp));
    expect(verifyHex(SECRET, body, header('X-OnceOnly-Signature'))).toBe(true);
    expect(head).not.toContain('X-OnceOnly-Signature-Previous');
    expect(server.requests).toHaveLength(1);
  });

  it('is signed with both secrets while they overlap, and with the new one alone afterwards', async () => {
    const previous = { secret: sealed('the-one-before'), secretId: 's' };
    const signatures = async (until: number) => {
      const { request = '' } = await ask(saying(200, {}), { previous: { ...previous, until } });
      const [head = '', body = ''] = request.split('\r\n\r\n');
      const old = /X-OnceOnly-Signature-Previous: (.*)\r/.exec(head)?.[1];
      return old === undefined ? undefined : verifyHex('the-one-before', body, old);
    };
    expect(await signatures(Date.now() + 60_000)).toBe(true);
    expect(await signatures(Date.now() - 1)).toBeUndefined();
  });

  it('is answered executed, with a result that travels sealed, or not_executed', async () => {
    const { word } = await ask(saying(200, { status: 'executed', result: { receipt: 7 } }));
    expect(word).toMatchObject({ says: 'executed', httpStatus: 200 });
    const { result } = word as Extract<typeof word, { says: 'executed' }>;
    expect(JSON.stringify(result)).not.toContain('receipt');
    const inline = 'inline' in result ? result.inline : undefined;
    expect(sealer.open(inline, { tenant: TENANT, callId: 'call_1' })).toEqual({ receipt: 7 });
    expect((await ask(saying(200, { status: 'not_executed' }))).word).toEqual({
      says: 'not_executed',
      httpStatus: 200,
    });
  });

  it.each<[string, Script, object]>([
    ['the tool does not know', saying(200, { status: 'unknown' }), { httpStatus: 200 }],
    ['it says something else', saying(200, 'executed'), { httpStatus: 200 }],
    ['it knows no such route', saying(404, { status: 'not_executed' }), { httpStatus: 404 }],
    ['it fails', saying(500, { status: 'executed' }), { httpStatus: 500 }],
    ['it is busy', saying(429, '', 'Retry-After: 2'), { httpStatus: 429, retryAfterMs: 2_000 }],
    ['it closes the connection', (socket) => socket.destroy(), { httpStatus: null }],
    ['it takes longer than its timeout', () => undefined, { httpStatus: null }],
  ])('is unknown where %s', async (_why, script, more) => {
    expect((await ask(script)).word).toEqual({ says: 'unknown', ...more });
  });

  it('is asked at no address that a dispatch would not go to', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const { word, server } = await ask(saying(200, { status: 'not_executed' }), {}, { rule: 'public', host });
      expect([word, server.received]).toEqual([NOTHING, '']);
      const allowed = await ask(saying(200, { status: 'not_executed' }), {}, { host });
      expect(allowed.word).toMatchObject({ says: 'not_executed' });
    }
  });

  it('is not asked where it may not leave any more, or there is nobody to ask', async () => {
    const late = await ask(saying(200, { status: 'not_executed' }), {}, { mayAsk: false });
    expect([late.word, late.server.received]).toEqual([NOTHING, '']);
    const { reconcileUrl: _, ...without } = { ...tool, reconcileUrl: '' };
    const alone = new Asking(call, without, {} as never, () => true);
    expect(await alone.run()).toEqual(NOTHING);
  });

  it('is not asked where its secret cannot be opened: a request that bears no signature says nothing', async () => {
    const other = createSealer({ keys: [mintSealingKey()], mode: 'on' });
    const secret = other.seal(SECRET, { tenant: TENANT, callId: secretCallId('pay') });
    const { word, server } = await ask(saying(200, { status: 'not_executed' }), { secret });
    expect([word, server.received]).toEqual([NOTHING, '']);
  });
});
