import { setTimeout as delay } from 'node:timers/promises';
import { call, newClient, newTool, prepared, requestTo, until } from './spec/calling.js';
import { answer, ScriptedTool } from './spec/scripted-tool.js';

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
