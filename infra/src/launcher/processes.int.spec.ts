import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../servers/index.js';
import { Launched, pidsOf, untilNoneLives } from './launched.js';
import type { Running } from './run-record.js';

async function pidOf(one: Launched, name: string): Promise<number | undefined> {
  return (await one.status()).find((running: Running) => running.name === name)?.pid;
}

describe('npm start -- --processes', () => {
  let data: string;
  let one: Launched;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tollgate-processes-'));
    one = await new Launched({ data, port: await freePort() }, ['--processes']).ready();
  }, 90_000);
  afterAll(async () => {
    if (one.process.exitCode === null) await one.end('SIGKILL');
    await rm(data, { recursive: true, force: true });
  });

  it('runs each service in a process of its own', async () => {
    expect(pidsOf((await one.status()).filter(({ kind }) => kind === 'service'))).toHaveLength(6);
  });

  it('says which partitions a stage owns and where the gateway listens', async () => {
    const running = await one.status();
    expect(running.find(({ name }) => name === 'policy')).toMatchObject({ owns: [0] });
    expect(running.find(({ name }) => name === 'gateway')?.address).toBe(one.api);
  });

  it('starts a killed service again, and says so', async () => {
    const before = (await pidOf(one, 'lease'))!;
    process.kill(before, 'SIGKILL');
    await one.says('! lease ended (SIGKILL); starting it again in 0.5 s');
    await one.says(/lease runs again \(process (\d+)\)/);
    await sleep(100);
    expect(await pidOf(one, 'lease')).not.toBe(before);
  }, 30_000);

  it('starts a killed server again at the same address', async () => {
    const redis = (await one.status()).find(({ name }) => name === 'redis')!;
    process.kill(redis.pid, 'SIGKILL');
    await one.says(/redis runs again \(process (\d+)\)/);
    await sleep(100);
    expect((await one.status()).find(({ name }) => name === 'redis')?.address).toBe(redis.address);
  }, 30_000);

  it('leaves none of its processes behind 10 s after kill -9', async () => {
    const pids = pidsOf(await one.status());
    await one.end('SIGKILL');
    expect(await untilNoneLives(pids, 10_000)).toEqual([]);
  }, 30_000);
});
