import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { atEnd, call, newClient, newTool, prepared, requestTo, until } from './spec/calling.js';
import { answer } from './spec/scripted-tool.js';

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
  atEnd(async () => unsubscribe('net.client.socket', listener));
  return sockets;
}
