import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '../guardian/alive.js';
import { freePort } from '../servers/index.js';
import { Launched, pidsOf, statusOf, untilNoneLives } from './launched.js';
import type { Where } from './launched.js';
import { SAMPLE_TOOL } from './sample-tool.js';

const SERVICES = ['gateway', 'policy', 'lease', 'budget', 'dispatcher', 'audit'];

async function paste(command: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The pasted call for another customer, with this much money. */
function spending(curl: string, usd: number): string {
  return curl.replace('cus_42', `cus_of_${usd}`).replace('"spend_usd":12', `"spend_usd":${usd}`);
}

describe('npm start', () => {
  let where: Where;
  let curl: string;
  let adminKey: string;
  let firstRun: string;
  const launched: Launched[] = [];
  const start = (...args: string[]): Launched => {
    launched.push(new Launched(where, args));
    return launched.at(-1)!;
  };
  const read = async (one: Launched, path: string): Promise<unknown> =>
    (await fetch(`${one.api}${path}`, { headers: { authorization: `Bearer ${adminKey}` } })).json();
  /** What an earlier launcher left: its calls are answered again, readable, and their money is spent. */
  const expectAllKept = async (one: Launched): Promise<void> => {
    expect(await paste(curl)).toMatchObject({ decision: 'dedup', result: { calls_of_this_tool: 1 } });
    expect(await paste(spending(curl, 1))).toMatchObject({
      decision: 'blocked',
      policy_reason: 'max_spend_usd_per_day_exceeded',
      remaining: 0,
    });
    expect(await read(one, `/v1/runs/${firstRun}`)).toMatchObject({
      run_id: firstRun,
      events: expect.arrayContaining([expect.objectContaining({ tool: SAMPLE_TOOL })]),
    });
    expect(await read(one, '/v1/agents/sample-agent/logs')).toEqual(
      expect.arrayContaining([expect.objectContaining({ run_id: firstRun, decision: 'executed', spend_usd: 12 })]),
    );
  };

  beforeAll(async () => {
    where = { data: await mkdtemp(join(tmpdir(), 'tollgate-launch-')), port: await freePort() };
  });
  afterEach(async () => {
    for (const one of launched.splice(0)) if (one.process.exitCode === null) await one.end('SIGTERM');
  });
  afterAll(() => rm(where.data, { recursive: true, force: true }));

  it('shows both keys once, with a call that works as pasted; the same again is a duplicate', async () => {
    const one = await start().ready();
    curl = await one.says(/^(curl [^]*?\}')$/m);
    adminKey = await one.says(/admin key {3}(tg_live_\S+)/);
    const first = await paste(curl);
    expect(first).toMatchObject({ allowed: true, decision: 'executed', result: { calls_of_this_tool: 1 } });
    firstRun = String(first['run_id']);
    expect(await paste(curl)).toMatchObject({ decision: 'dedup', result: { calls_of_this_tool: 1 } });
  }, 90_000);

  it('has a cap that two calls fill, and shows them in the record', async () => {
    const one = await start().ready();
    expect(await paste(spending(curl, 88))).toMatchObject({ decision: 'executed' });
    await expectAllKept(one);
  }, 90_000);

  it('keeps no key readable, and what must be kept to its owner', async () => {
    const names = await readdir(where.data);
    for (const name of names.filter((one) => /\.json$|key/.test(one))) {
      expect((await stat(join(where.data, name))).mode & 0o077).toBe(0);
      expect(await readFile(join(where.data, name), 'utf8')).not.toContain(adminKey);
    }
    expect(names).toContain('sealing-keys');
  });

  it('knows keys, policies, calls and used caps after Ctrl-C, shows no key again, and is back within 10 s', async () => {
    const first = await start().ready();
    const pids = pidsOf(await first.status());
    expect(await first.end('SIGINT')).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await statusOf(where)).toEqual([]);
    const begin = Date.now();
    const second = await start().ready();
    expect(await paste(curl)).toMatchObject({ decision: 'dedup' });
    expect(Date.now() - begin).toBeLessThan(10_000);
    await expectAllKept(second);
    expect(second.text).not.toContain('tg_live_');
  }, 90_000);

  it('leaves nothing behind 10 s after kill -9, and the next start knows what was', async () => {
    const first = await start().ready();
    const pids = pidsOf(await first.status());
    expect(pids.every(isAlive)).toBe(true);
    await first.end('SIGKILL');
    expect(await untilNoneLives(pids, 10_000)).toEqual([]);
    await expectAllKept(await start().ready());
  }, 90_000);

  it('starts at once after kill -9, while the last run is still being cleared away', async () => {
    const first = await start().ready();
    await first.end('SIGKILL');
    await start().ready();
    expect(await paste(curl)).toMatchObject({ decision: 'dedup' });
  }, 90_000);

  it('is refused while another one runs, whose processes it leaves alone', async () => {
    const first = await start().ready();
    const second = start();
    expect(await second.exitCode()).toBe(1);
    expect(second.text).toContain(`already running here (process ${first.process.pid})`);
    expect((await first.status()).map(({ name }) => name)).toEqual([...SERVICES, 'nats', 'redis', 'postgres']);
  }, 60_000);

  it('says that the port is taken and how to choose another', async () => {
    await start().ready();
    const other = { data: await mkdtemp(join(tmpdir(), 'tollgate-launch-')), port: where.port };
    const second = new Launched(other);
    expect(await second.exitCode()).toBe(1);
    expect(second.text).toContain(`✗ port failed: port ${where.port} on 127.0.0.1 is taken`);
    expect(second.text).toContain(`PORT=${where.port + 1} npm start`);
    await rm(other.data, { recursive: true, force: true });
  }, 60_000);

  it.each(['nats', 'redis', 'postgres'])(
    'names %s within 2 s at /readyz when it is suspended',
    async (name) => {
      const one = await start().ready();
      const { pid } = (await one.status()).find((running) => running.name === name)!;
      process.kill(pid, 'SIGSTOP');
      try {
        await sleep(2_000);
        const said = (await (await fetch(`${one.api}/readyz`)).json()) as { missing: string[] };
        expect(said.missing).toContain(name);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    },
    60_000,
  );

  it('with --traces sends the spans of a call to a local UI', async () => {
    const one = await start('--traces').ready();
    const ui = await one.says(/tracing UI +(http:\S+)/);
    await paste(curl);
    let text = '';
    for (let tries = 0; tries < 50 && !text.includes('/v1/ai/run'); tries++) {
      await sleep(200);
      text = await (await fetch(`${ui}/v1/traces`)).text();
    }
    expect(text).toContain('/v1/ai/run');
    expect((await one.status()).map(({ name }) => name)).toContain('traces');
  }, 60_000);

  it('--reset empties the folder after a yes, and only then', async () => {
    const asked = start('--reset');
    expect(await asked.exitCode()).toBe(0);
    expect(asked.text).toContain('Nothing was deleted');
    const running = await start().ready();
    const refused = start('--reset', '--yes');
    expect(await refused.exitCode()).toBe(1);
    expect(refused.text).toContain('already running here');
    await running.end('SIGTERM');
    expect(await start('--reset', '--yes').exitCode()).toBe(0);
    expect(await readdir(where.data)).toEqual([]);
  }, 60_000);
});
