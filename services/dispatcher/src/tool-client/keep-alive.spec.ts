import { setTimeout as delay } from 'node:timers/promises';
import { call, newClient, newTool, prepared, requestTo, until } from './spec/calling.js';
import { answer } from './spec/scripted-tool.js';

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
