import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { selfSigned } from './spec/self-signed.js';
import { answer, ScriptedTool, type Script } from './spec/scripted-tool.js';
import { ToolClient, type SendRequest, type ToolClientOptions } from './tool-client.js';
import type { PreparedConnection } from './connection.js';
import type { SendResult } from './send-result.js';

const MAX = 262_144;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newClient(options: Partial<ToolClientOptions> = {}): ToolClient {
  const client = new ToolClient({ addresses: 'loopback', maxResponseBytes: MAX, ...options });
  cleanups.push(() => client.close());
  return client;
}

async function newTool(script: Script, identity?: Parameters<typeof ScriptedTool.start>[1]): Promise<ScriptedTool> {
  const tool = await ScriptedTool.start(script, identity);
  cleanups.push(() => tool.stop());
  return tool;
}

const requestTo = (url: string, changes: Partial<SendRequest> = {}): SendRequest => ({
  url,
  headers: { 'X-Test': 'yes' },
  body: Buffer.from('{"args":{}}'),
  timeoutMs: 2_000,
  serverErrorIs: 'failed',
  ...changes,
});

async function prepared(client: ToolClient, url: string): Promise<PreparedConnection> {
  const result = await client.prepare(url, 2_000);
  if (!result.ok) throw new Error(result.code);
  return result.connection;
}

async function call(client: ToolClient, url: string, changes: Partial<SendRequest> = {}): Promise<SendResult> {
  const connection = client.prepareNow(url) ?? (await prepared(client, url));
  return client.send(connection, requestTo(url, changes), () => true);
}

/** One call of a tool that answers these bytes, and then perhaps does something to the connection. */
async function answered(bytes: string | Buffer, then: Script = () => undefined, changes: Partial<SendRequest> = {}) {
  const tool = await newTool((socket, nth) => socket.write(bytes, () => then(socket, nth)));
  return call(newClient(), tool.url, changes);
}

describe('what is sent', () => {
  it('is one POST with the given body and headers, in one piece, asking for no compression', async () => {
    const tool = await newTool((socket) => socket.write(answer(200, '{"ok":true}')));
    const result = await call(newClient(), tool.url);
    expect(result).toEqual({ known: 'executed', httpStatus: 200, result: { ok: true } });
    expect(tool.reads).toHaveLength(1);
    const [head = '', body] = (tool.requests[0] ?? '').split('\r\n\r\n');
    expect(body).toBe('{"args":{}}');
    expect(head.split('\r\n').sort()).toEqual([
      'POST /hook?x=1 HTTP/1.1',
      'X-Test: yes',
      'accept-encoding: identity',
      'connection: keep-alive',
      'content-length: 11',
      `host: 127.0.0.1:${tool.port}`,
    ]);
  });

  it('is nothing when the check says no', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    const client = newClient();
    const sent = await client.send(await prepared(client, tool.url), requestTo(tool.url), () => false);
    expect(sent).toEqual({ known: 'not_sent', code: 'permit_missed' });
    await delay(30);
    expect(tool.received).toBe('');
  });

  it('is nothing when the check throws, and the caller hears of it', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    const client = newClient();
    const broken = (): boolean => {
      throw new Error('a bug');
    };
    await expect(client.send(await prepared(client, tool.url), requestTo(tool.url), broken)).rejects.toThrow('a bug');
    await delay(30);
    expect(tool.received).toBe('');
  });

  it('is written in the turn in which the check said yes', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    const client = newClient();
    const sockets = socketsMade();
    const connection = await prepared(client, tool.url);
    const written: number[] = [];
    await client.send(connection, requestTo(tool.url), () => {
      written.push(sockets[0]?.bytesWritten ?? -1);
      process.nextTick(() => written.push(sockets[0]?.bytesWritten ?? -1));
      return true;
    });
    expect(written).toEqual([0, tool.received.length]);
  });

  it('goes to no other origin than the connection was prepared for', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    const client = newClient();
    const connection = await prepared(client, tool.url);
    await expect(client.send(connection, requestTo('http://127.0.0.1:1/'), () => true)).rejects.toThrow(
      'another origin',
    );
  });

  it('goes once over one connection: a second send on it sends nothing', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    const client = newClient();
    const connection = await prepared(client, tool.url);
    await client.send(connection, requestTo(tool.url), () => true);
    const again = await client.send(connection, requestTo(tool.url), () => true);
    expect(again).toEqual({ known: 'not_sent', code: 'connect_failed' });
    expect(tool.requests).toHaveLength(1);
  });
});

describe('an answer with 2xx is executed', () => {
  it.each<[string, string | Buffer, unknown]>([
    ['without a body', answer(204), {}],
    ['with text', answer(200, 'done'), { value: 'done' }],
    ['with JSON that is no object', answer(201, '[1]'), { value: [1] }],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n', { a: 1 }],
    [
      'after 100 and 103',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n${answer(200, '{"a":1}').toString()}`,
      { a: 1 },
    ],
    ['as large as may be', answer(200, 'x'.repeat(MAX)), { value: 'x'.repeat(MAX) }],
    ['that is too large', answer(200, 'x'.repeat(MAX + 1)), { error: 'response_too_large' }],
  ])('%s', async (_name, bytes, result) => {
    expect(await answered(bytes)).toMatchObject({ known: 'executed', result });
  });

  it('of HTTP/1.0 that ends with the connection', async () => {
    expect(await answered('HTTP/1.0 200 OK\r\n\r\n{"a":1}', (socket) => socket.end())).toEqual({
      known: 'executed',
      httpStatus: 200,
      result: { a: 1 },
    });
  });

  it.each<[string, Script]>([
    ['closed', (socket) => socket.end()],
    ['reset', (socket) => setTimeout(() => socket.resetAndDestroy(), 20)],
  ])('also when the connection is %s in the middle of its body', async (_how, then) => {
    const incomplete = { known: 'executed', httpStatus: 200, result: { error: 'response_incomplete' } };
    expect(await answered('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":', then)).toEqual(incomplete);
    expect(await answered('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n', then)).toEqual(
      incomplete,
    );
  });

  it('also when its chunks are broken', async () => {
    const broken = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\nzz\r\n';
    expect(await answered(broken)).toMatchObject({ known: 'executed', result: { error: 'response_incomplete' } });
  });

  it('also when its body drips beyond the timeout', async () => {
    const drip: Script = (socket) => {
      const timer = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(timer));
    };
    const started = performance.now();
    const result = await answered('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', drip, { timeoutMs: 150 });
    expect(result).toMatchObject({ known: 'executed', result: { error: 'response_incomplete' } });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('a body without end is cut at the limit, and its connection with it', async () => {
    const tool = await newTool((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('x'.repeat(65_536)), 1);
      socket.once('close', () => clearInterval(timer));
    });
    const result = await call(newClient(), tool.url);
    expect(result).toMatchObject({ known: 'executed', result: { error: 'response_too_large' } });
    await until(() => tool.sockets[0]?.destroyed ?? false);
  });
});

describe('other answers', () => {
  it.each<[string, Buffer, SendResult]>([
    ['redirect, not followed', answer(302, '', 'Location: /elsewhere'), { known: 'tool_error', httpStatus: 302 }],
    ['404', answer(404, 'no'), { known: 'tool_error', httpStatus: 404 }],
    ['500', answer(500, 'oops'), { known: 'tool_error', httpStatus: 500 }],
    ['429', answer(429, '', 'Retry-After: 3'), { known: 'refused', httpStatus: 429, retryAfterMs: 3_000 }],
    [
      '503 with Retry-After',
      answer(503, '', 'Retry-After: 1'),
      { known: 'refused', httpStatus: 503, retryAfterMs: 1_000 },
    ],
    ['503 alone', answer(503), { known: 'unknown', code: 'server_error', httpStatus: 503 }],
    ['502', answer(502, '<html>'), { known: 'unknown', code: 'server_error', httpStatus: 502 }],
  ])('%s', async (_name, bytes, expected) => {
    expect(await answered(bytes)).toEqual(expected);
  });

  it('a redirect reaches the tool once', async () => {
    const tool = await newTool((socket) => socket.write(answer(307, '', `Location: http://127.0.0.1:1/`)));
    await call(newClient(), tool.url);
    await delay(30);
    expect(tool.requests).toHaveLength(1);
  });

  it('an error is known by its head, however long its body takes', async () => {
    const result = await answered('HTTP/1.1 400 Bad\r\nContent-Length: 10\r\n\r\n', undefined, { timeoutMs: 5_000 });
    expect(result).toEqual({ known: 'tool_error', httpStatus: 400 });
  });
});

describe('unknown after sending', () => {
  it.each<[string, string, Script, SendResult]>([
    ['no answer in time', '', () => undefined, { known: 'unknown', code: 'timeout', httpStatus: null }],
    [
      'half a head in time',
      'HTTP/1.1 200 OK\r\nConte',
      () => undefined,
      { known: 'unknown', code: 'timeout', httpStatus: null },
    ],
    [
      'only 100 Continue in time',
      'HTTP/1.1 100 Continue\r\n\r\n',
      () => undefined,
      { known: 'unknown', code: 'timeout', httpStatus: null },
    ],
    ['closed', '', (socket) => socket.end(), { known: 'unknown', code: 'connection_lost', httpStatus: null }],
    [
      'reset',
      '',
      (socket) => socket.resetAndDestroy(),
      { known: 'unknown', code: 'connection_lost', httpStatus: null },
    ],
    [
      'closed after half a head',
      'HTTP/1.1 200 OK\r\nConte',
      (socket) => socket.end(),
      { known: 'unknown', code: 'connection_lost', httpStatus: null },
    ],
    [
      'something that is not HTTP',
      'SSH-2.0-OpenSSH_9\r\n',
      () => undefined,
      { known: 'unknown', code: 'connection_lost', httpStatus: null },
    ],
    [
      'a protocol switch nobody asked for',
      'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      () => undefined,
      { known: 'unknown', code: 'connection_lost', httpStatus: null },
    ],
    [
      'a head without end',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`,
      () => undefined,
      { known: 'unknown', code: 'connection_lost', httpStatus: null },
    ],
  ])('%s', async (_name, bytes, then, expected) => {
    const tool = await newTool((socket, nth) =>
      bytes === '' ? then(socket, nth) : socket.write(bytes, () => then(socket, nth)),
    );
    expect(await call(newClient(), tool.url, { timeoutMs: 150 })).toEqual(expected);
    await delay(20);
    expect(tool.requests).toHaveLength(1);
  });

  it('the timeout counts from the write, not from the connection', async () => {
    const tool = await newTool((socket) => setTimeout(() => socket.write(answer(200)), 100));
    const client = newClient();
    const connection = await prepared(client, tool.url);
    await delay(200);
    expect(await client.send(connection, requestTo(tool.url, { timeoutMs: 250 }), () => true)).toMatchObject({
      known: 'executed',
    });
  });

  it('an answer that arrived while this process stood still is read before the timeout is believed', async () => {
    const port = await serverInAnotherThread(50);
    const url = `http://127.0.0.1:${port}/`;
    const client = newClient();
    const sending = client.send(await prepared(client, url), requestTo(url, { timeoutMs: 100 }), () => {
      process.nextTick(() => setImmediate(() => standStill(300)));
      return true;
    });
    expect(await sending).toEqual({ known: 'executed', httpStatus: 200, result: { late: true } });
  });
});

describe('not sent', () => {
  it('when nobody listens', async () => {
    const tool = await ScriptedTool.start(() => undefined);
    const { url } = tool;
    await tool.stop();
    expect(await newClient().prepare(url, 1_000)).toEqual({ ok: false, code: 'connect_failed' });
  });

  it('when nobody knows the name', async () => {
    const url = `http://${'a'.repeat(64)}.invalid/`;
    expect(await newClient().prepare(url, 5_000)).toEqual({ ok: false, code: 'connect_failed' });
  });

  it.each([
    'http://localhost',
    'http://127.0.0.1',
    'http://127.1',
    'http://0x7f000001',
    'https://localhost',
    'http://[::ffff:127.0.0.1]',
  ])('by the rule public to %s: no connection is made', async (origin) => {
    const tool = await newTool(() => undefined);
    expect(await newClient({ addresses: 'public' }).prepare(`${origin}:${tool.port}/`, 1_000)).toEqual({
      ok: false,
      code: 'address_refused',
    });
    await delay(20);
    expect(tool.sockets).toHaveLength(0);
  });

  it.each(['http://10.255.255.1', 'http://169.254.169.254', 'http://0.0.0.0', 'http://[fd00::1]'])(
    'by the rule loopback to %s',
    async (url) => {
      expect(await newClient().prepare(url, 1_000)).toEqual({ ok: false, code: 'address_refused' });
    },
  );

  it('reaches a tool by name where the rule allows its address', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    expect(await call(newClient(), `http://localhost:${tool.port}/`)).toMatchObject({ known: 'executed' });
    expect(await call(newClient({ addresses: 'any' }), `http://localhost:${tool.port}/`)).toMatchObject({
      known: 'executed',
    });
  });

  it('when the tool closed the connection before the write', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    const client = newClient();
    const connection = await prepared(client, tool.url);
    await until(() => tool.sockets.length === 1);
    tool.sockets[0]?.end();
    await delay(30);
    expect(await client.send(connection, requestTo(tool.url), () => true)).toEqual({
      known: 'not_sent',
      code: 'connect_failed',
    });
    expect(tool.received).toBe('');
  });

  it('when the tool reset the connection and this process has not noticed yet', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    const client = newClient();
    const connection = await prepared(client, tool.url);
    await until(() => tool.sockets.length === 1);
    tool.sockets[0]?.resetAndDestroy();
    expect(await client.send(connection, requestTo(tool.url), () => true)).toEqual({
      known: 'not_sent',
      code: 'connect_failed',
    });
  });

  it('when the tool talks before it is asked', async () => {
    const server = await newTool(() => undefined);
    const client = newClient();
    const connection = await prepared(client, server.url);
    await until(() => server.sockets.length === 1);
    server.sockets[0]?.write(answer(200, '{"forged":true}'));
    await delay(30);
    expect(await client.send(connection, requestTo(server.url), () => true)).toEqual({
      known: 'not_sent',
      code: 'connect_failed',
    });
  });
});

describe('TLS', () => {
  const identity = selfSigned('localhost');
  const ok: Script = (socket) => socket.write(answer(200, '{"secure":true}'));

  it('is verified against the name, sent over, and kept alive', async () => {
    const tool = await newTool(ok, identity);
    const client = newClient({ trustedCertificates: [identity.cert] });
    const url = `https://localhost:${tool.port}/`;
    for (let i = 0; i < 3; i++)
      expect(await call(client, url)).toEqual({ known: 'executed', httpStatus: 200, result: { secure: true } });
    expect(tool.requests).toHaveLength(3);
    expect(tool.reads).toHaveLength(3);
  });

  it.each([
    ['unknown issuer', identity, [], 'localhost'],
    ['another name', selfSigned('example.com'), undefined, 'localhost'],
    ['a name where an address was asked for', identity, undefined, '127.0.0.1'],
    ['expired', selfSigned('localhost', new Date(Date.now() - 3_600_000)), undefined, 'localhost'],
  ])('fails before anything is sent: %s', async (_name, theirs, trusted, host) => {
    const tool = await newTool(ok, theirs);
    const client = newClient({ trustedCertificates: trusted ?? [theirs.cert] });
    expect(await client.prepare(`https://${host}:${tool.port}/`, 2_000)).toEqual({ ok: false, code: 'tls_failed' });
    expect(tool.received).toBe('');
  });

  it.each<[string, Script]>([
    ['hangs', () => undefined],
    ['is no TLS', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('fails when the handshake %s', async (_how, script) => {
    const server = createServer((socket) => script(socket, 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(async () => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await newClient().prepare(`https://127.0.0.1:${port}/`, 200)).toEqual({ ok: false, code: 'tls_failed' });
  });
});

describe('keep-alive', () => {
  it('uses one connection for calls that follow each other', async () => {
    const tool = await newTool((socket) => socket.write(answer(200, '{}')));
    const client = newClient();
    for (let i = 0; i < 20; i++) expect(await call(client, tool.url)).toMatchObject({ known: 'executed' });
    expect([tool.requests.length, tool.sockets.length]).toEqual([20, 1]);
  });

  it('also after errors of the tool', async () => {
    const tool = await newTool((socket) => socket.write(answer(404, 'no')));
    const client = newClient();
    for (let i = 0; i < 3; i++) {
      await call(client, tool.url);
      await delay(10);
    }
    expect(tool.sockets).toHaveLength(1);
  });

  it('uses a connection each for calls at the same time', async () => {
    const tool = await newTool((socket) => setTimeout(() => socket.write(answer(200, '{}')), 50));
    const client = newClient();
    const results = await Promise.all(Array.from({ length: 5 }, () => call(client, tool.url)));
    expect(results.map(({ known }) => known)).toEqual(Array(5).fill('executed'));
    expect(tool.sockets).toHaveLength(5);
  });

  it.each([
    ['says close', answer(200, '', 'Connection: close')],
    ['promises too little time', answer(200, '', 'Keep-Alive: timeout=1')],
  ])('ends when the tool %s', async (_what, bytes) => {
    const tool = await newTool((socket) => socket.write(bytes));
    const client = newClient();
    await call(client, tool.url);
    expect(client.prepareNow(tool.url)).toBeUndefined();
    await call(client, tool.url);
    expect(tool.sockets).toHaveLength(2);
  });

  it('ends well before the time that the tool names', async () => {
    const tool = await newTool((socket) => socket.write(answer(200, '', 'Keep-Alive: timeout=2')));
    const client = newClient();
    await call(client, tool.url);
    await delay(700);
    expect(client.prepareNow(tool.url)).toBeUndefined();
    await until(() => tool.sockets[0]?.destroyed ?? false);
  });

  it('notices a close by the tool: the next call takes another connection', async () => {
    const tool = await newTool((socket) => socket.write(answer(200), () => socket.end()));
    const client = newClient();
    await call(client, tool.url);
    await delay(20);
    expect(client.prepareNow(tool.url)).toBeUndefined();
    expect(await call(client, tool.url)).toMatchObject({ known: 'executed' });
    expect(tool.sockets).toHaveLength(2);
  });

  it('survives a tool that closes right after each answer, without one unknown', async () => {
    const tool = await newTool((socket) => socket.end(answer(200)));
    const client = newClient();
    for (let i = 0; i < 20; i++) {
      const connection = client.prepareNow(tool.url) ?? (await prepared(client, tool.url));
      await delay(5); // as long as the append to the journal takes
      const sent = await client.send(connection, requestTo(tool.url), () => true);
      expect(['executed', 'not_sent']).toContain(sent.known);
    }
  });

  it('a connection that was released is there again, one that is held is not', async () => {
    const tool = await newTool((socket) => socket.write(answer(200)));
    const client = newClient();
    const connection = await prepared(client, tool.url);
    expect(client.prepareNow(tool.url)).toBeUndefined();
    connection.release();
    connection.release();
    expect(client.prepareNow(tool.url)).toBe(connection);
    expect(client.prepareNow(tool.url)).toBeUndefined();
  });

  it('an answer to one call is never read as that of the next', async () => {
    const tool = await newTool((socket, nth) =>
      socket.write(Buffer.concat([answer(200, `{"n":${nth}}`), answer(200, '{"forged":true}')])),
    );
    const client = newClient();
    expect(await call(client, tool.url)).toMatchObject({ known: 'executed' });
    await delay(20);
    expect(await call(client, tool.url)).toMatchObject({ known: 'executed', result: { n: 2 } });
  });
});

describe('close', () => {
  it('ends what is idle, held and under way, and lets nothing new begin', async () => {
    const tool = await newTool(() => undefined);
    const client = newClient();
    const [idle, held, busy] = [
      await prepared(client, tool.url),
      await prepared(client, tool.url),
      await prepared(client, tool.url),
    ];
    idle.release();
    const sending = client.send(busy, requestTo(tool.url), () => true);
    await until(() => tool.requests.length === 1);
    await client.close();
    expect(await sending).toEqual({ known: 'unknown', code: 'connection_lost', httpStatus: null });
    expect(client.prepareNow(tool.url)).toBeUndefined();
    expect(await client.send(held, requestTo(tool.url), () => true)).toEqual({
      known: 'not_sent',
      code: 'connect_failed',
    });
    expect(await client.prepare(tool.url, 1_000)).toEqual({ ok: false, code: 'connect_failed' });
  });
});

/** The client sockets of this process, from now to the end of the test. */
function socketsMade(): Socket[] {
  const sockets: Socket[] = [];
  const listener = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', listener);
  cleanups.push(async () => unsubscribe('net.client.socket', listener));
  return sockets;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await delay(5);
  expect(condition()).toBe(true);
}

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** A tool that goes on while the main thread stands still. */
async function serverInAnotherThread(answerAfterMs: number): Promise<number> {
  const worker = new Worker(
    `const { createServer } = require('node:http');
     const { parentPort } = require('node:worker_threads');
     const server = createServer((_, response) => setTimeout(() => response.end('{"late":true}'), ${answerAfterMs}));
     server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  cleanups.push(() => worker.terminate());
  return new Promise((resolve) => worker.once('message', resolve));
}
