import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../guardian/alive.js';
import { firstAnswer } from './conversation.js';
import { startNats, startPostgres, startRedis } from './index.js';
import type { PrivateServer, PrivateServerOptions } from './index.js';

type Start = (dir: string, options?: PrivateServerOptions) => Promise<PrivateServer>;

const starts: readonly (readonly [string, Start])[] = [
  ['nats', startNats],
  ['redis', startRedis],
  ['postgres', startPostgres],
];

async function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe.each(starts)('a private %s', (name, start) => {
  let folder: string;
  const running: PrivateServer[] = [];
  const begin = async (dir: string, options?: PrivateServerOptions): Promise<PrivateServer> => {
    const server = await start(join(folder, dir), options);
    running.push(server);
    return server;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), `tollgate-${name}-`)); // 0700: also root's Postgres must live with that
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  it('is ready when it says so, and gone when stopped', async () => {
    const server = await begin('one');
    expect(await connects('127.0.0.1', server.port)).toBe(true);
    expect(server.process.pid).toBe(server.pid);
    await server.stop();
    expect(await connects('127.0.0.1', server.port)).toBe(false);
    expect(isAlive(server.pid)).toBe(false);
  });

  it('listens on loopback only', async () => {
    const { port } = await begin('one');
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    for (const { address } of others.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      expect(await connects(address, port)).toBe(false);
    }
  });

  it('keeps its password in a file of its own, and off the command line', async () => {
    const { url, pid } = await begin('one');
    const file = join(folder, 'one', 'password');
    const password = readFileSync(file, 'utf8').trim();
    expect(url).toContain(password);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    if (process.platform === 'linux') expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password);
  });

  it('starts again on the same folder and port after a kill', async () => {
    const first = await begin('one');
    first.process.kill('SIGKILL');
    await first.stop();
    const second = await begin('one', { port: first.port });
    expect(second.url).toBe(first.url);
  });

  it('stops also while it is suspended', async () => {
    const server = await begin('one');
    server.process.kill('SIGSTOP');
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('runs twice beside each other in folders of their own', async () => {
    const [one, two] = await Promise.all([begin('one'), begin('two')]);
    expect(one.port).not.toBe(two.port);
  });

  it('does not take another server on its port for itself', async () => {
    const { port } = await begin('one');
    await expect(begin('two', { port })).rejects.toThrow(`${name} cannot listen on 127.0.0.1:${port} (EADDRINUSE)`);
  });
});

it('Redis and NATS let nobody in without the password', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-access-'));
  const [nats, redis] = await Promise.all([startNats(join(folder, 'nats')), startRedis(join(folder, 'redis'))]);
  try {
    expect(await firstAnswer(redis.port, 'PING\r\n')).toContain('NOAUTH');
    expect(await firstAnswer(nats.port, '')).toContain('"auth_required":true');
  } finally {
    await Promise.all([nats.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
});
