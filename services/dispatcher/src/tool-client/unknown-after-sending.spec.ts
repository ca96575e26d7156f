import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SendResult } from './send-result.js';
import { atEnd, call, newClient, newTool, prepared, requestTo } from './spec/calling.js';
import { answer, type Script } from './spec/scripted-tool.js';

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
  atEnd(() => worker.terminate());
  return new Promise((resolve) => worker.once('message', resolve));
}
