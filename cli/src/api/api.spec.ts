import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api } from './api.js';
import { Refusal, Unavailable } from './refusal.js';

/** Status, headers and body of an answer; `drop` breaks the connection instead. */
type Answers = (readonly [number, Readonly<Record<string, string>>, object] | 'drop')[];

const BUSY = [503, { 'retry-after': '0' }, { detail: { error: 'unavailable', message: 'Not now' } }] as const;
const FINE = [200, {}, { ok: true }] as const;

describe('what is asked of a server', () => {
  const servers: Server[] = [];
  let received: IncomingHttpHeaders[];
  let said: string[];
  afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

  async function against(answers: Answers, waitMs = 5_000): Promise<Api> {
    received = [];
    said = [];
    const server = createServer((request, response) => {
      received.push(request.headers);
      const answer = answers.shift() ?? 'drop';
      if (answer === 'drop') request.socket.destroy();
      else response.writeHead(answer[0], { connection: 'close', ...answer[1] }).end(JSON.stringify(answer[2]));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new Api({ base, key: 'tg_live_x', waitMs }, (line) => said.push(line));
  }
  const keys = () => received.map((headers) => headers['idempotency-key']);

  it('is asked as the key, and what is new each time under one key of its own for all its repeats', async () => {
    const api = await against([BUSY, 'drop', FINE, FINE]);
    expect(await api.create('/v1/keys', { role: 'admin' })).toEqual({ ok: true });
    await api.create('/v1/keys', { role: 'admin' });
    expect(received.map(({ authorization }) => authorization)).toEqual(Array(4).fill('Bearer tg_live_x'));
    const [first, second, third, another] = keys();
    expect([second, third]).toEqual([first, first]);
    expect(first).toMatch(/^"[\w-]{36}"$/);
    expect(another).not.toBe(first);
  });

  it('is asked again for as long as was said, and says so once', async () => {
    const api = await against([BUSY, BUSY, BUSY, FINE]);
    expect(await api.get('/v1/keys')).toEqual({ ok: true });
    expect(said).toEqual(['Not now: unavailable (503): trying again for up to 5 s']);
    const hasty = await against([[503, { 'retry-after': '1' }, BUSY[2]], FINE], 900);
    await expect(hasty.get('/v1/keys')).rejects.toThrow(Unavailable);
    expect(received).toHaveLength(1);
  });

  it('says when the record is behind', async () => {
    await (await against([[200, { 'x-tollgate-lag': '3' }, []]])).get('/v1/calls');
    expect(said).toEqual(['the record is 3 s behind: what is newer is missing here']);
  });

  it('refuses once', async () => {
    const api = await against([[403, {}, { detail: 'Invalid API key' }]]);
    await expect(api.get('/v1/keys')).rejects.toThrow(Refusal);
    expect([received.length, said]).toEqual([1, []]);
  });

  it('is not waited for, and tells of nothing, while it is followed', async () => {
    const api = (await against([BUSY, FINE])).following(new AbortController().signal);
    await expect(api.get('/v1/events')).rejects.toMatchObject({ last: { afterMs: 0 } });
    expect([received.length, said]).toEqual([1, []]);
  });
});
