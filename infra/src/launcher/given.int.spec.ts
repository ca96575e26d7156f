import { mintApiKey } from '@tollgate/sealing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../guardian/alive.js';
import { freePort, startNats } from '../servers/index.js';
import type { PrivateServer } from '../servers/index.js';
import { post } from './api.js';
import { SAMPLE_AGENT } from './first-start.js';
import { LAUNCHER, Launched } from './launched.js';
import { SAMPLE_TOOL } from './sample-tool.js';

describe('npm start with an admin key and a NATS server of the person', () => {
  const adminKey = mintApiKey();
  let folder: string;
  let nats: PrivateServer;
  let one: Launched;

  const call = async (customer: string): Promise<unknown> =>
    post(one.api, '/v1/ai/run', adminKey, { agent_id: SAMPLE_AGENT, tool: SAMPLE_TOOL, args: { customer } });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-given-'));
    nats = await startNats(join(folder, 'nats'));
    const where = { data: join(folder, 'data'), port: await freePort() };
    const given = { TOLLGATE_ADMIN_KEY: adminKey, NATS_URL: nats.url };
    one = await new Launched(where, [], LAUNCHER, given).ready();
    await one.says('Keep them');
  }, 90_000);
  afterAll(async () => {
    if (one?.process.exitCode === null) await one.end('SIGTERM');
    await nats?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes the key for the first admin key and does not print it', async () => {
    expect(await call('cus_1')).toMatchObject({ decision: 'executed' });
    expect(one.text).not.toContain(adminKey);
    expect(one.text).not.toContain('admin key');
    expect(one.text).toContain('agent key');
  });

  it('starts no NATS server of its own', async () => {
    const servers = (await one.status()).filter(({ kind }) => kind === 'server');
    expect(servers.map(({ name }) => name)).toEqual(['redis', 'postgres']);
    expect(one.text).toContain('nats from NATS_URL');
    expect(one.text).not.toContain(nats.url);
  });

  it('starts the process of all services again when it is killed, says so, and answers as before', async () => {
    const { pid } = (await one.status()).find(({ name }) => name === 'gateway')!;
    process.kill(pid, 'SIGKILL');
    await one.says(/! \S+ ended \((SIGKILL)\); starting it again in 0\.5 s/);
    await one.says(/runs again \(process (\d+)\)/);
    expect(await call('cus_1')).toMatchObject({ decision: 'dedup' });
    expect(await call('cus_2')).toMatchObject({ decision: 'executed' });
  }, 60_000);

  it('leaves the NATS server running when it ends', async () => {
    expect(await one.end('SIGTERM')).toBe(0);
    expect(isAlive(nats.pid)).toBe(true);
  }, 30_000);
});
