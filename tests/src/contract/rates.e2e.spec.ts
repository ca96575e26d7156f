import { openRedis } from '@tollgate/store';
import { eventually, type Answer, type Api } from '../harness/index.js';
import { scrape, valueOf } from '../record/prometheus.js';
import { fresh, installed } from './installed.js';
import { row } from './row.js';
import { createTenant } from './tenant.js';

/** So few that one comes back only every three seconds. */
const PER_MINUTE = 20;
const today = (): string => new Date().toISOString().slice(0, 10);

describe('contract 0, the rate of a key', () => {
  const tollgate = installed({ env: { TOLLGATE_RATE_LIMIT_PER_MINUTE: String(PER_MINUTE) } });
  const tenant = async (): Promise<Api> => (await createTenant(tollgate(), fresh('tenant'))).api;
  /** Asks more often than a key may, through one gateway after the other. */
  async function flood(...apis: readonly Api[]): Promise<{ answers: readonly Answer[]; refused: number }> {
    const began = performance.now();
    const answers: Answer[] = [];
    for (let time = 0; time < PER_MINUTE + 4; time += 1)
      answers.push(await apis[time % apis.length]!.get('/v1/policies'));
    const refused = answers.filter(({ status }) => status === 429).length;
    // On a slow machine a token comes back meanwhile.
    const regained = Math.ceil((performance.now() - began) / (60_000 / PER_MINUTE));
    expect(refused).toBeLessThanOrEqual(4);
    expect(refused).toBeGreaterThanOrEqual(4 - regained);
    return { answers, refused };
  }
  const limitedToday = async (api: Api): Promise<number> =>
    (await api.get(`/v1/metrics?from_day=${today()}&to_day=${today()}`)).body[0].rate_limited as number;
  /** Another key of the same tenant, which nobody has asked with yet. */
  const otherKey = async (api: Api): Promise<Api> =>
    api.as((await api.post('/v1/keys', { role: 'admin' })).body.key as string);

  row('0/429', async () => {
    const api = await tenant();
    const { answers } = await flood(api);
    const { status, body, headers } = answers.find((one) => one.status === 429)!;
    expect([status, body]).toEqual([429, { detail: { error: 'rate_limited', message: expect.any(String) } }]);
    const retryAfter = headers.get('retry-after');
    expect(retryAfter).toMatch(/^\d+$/);
    // A token comes every three seconds.
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
    expect(Number(retryAfter)).toBeLessThanOrEqual(3);
    // Before anything else of the request is looked at, and nothing has happened.
    const late = await Promise.all([1, 2, 3].map(() => api.post('/v1/ai/lease', { key: '' })));
    expect(late.map((one) => one.status)).toContain(429);
  });

  row('0/429-retry', async () => {
    const api = await tenant();
    const { answers } = await flood(api);
    const told = Number(answers.find((one) => one.status === 429)?.headers.get('retry-after'));
    await new Promise((resolve) => setTimeout(resolve, told * 1_000));
    expect((await api.get('/v1/policies')).status).toBe(200);
  });

  row('0/429-per-key', async () => {
    const api = await tenant();
    const other = await otherKey(api);
    await flood(await otherKey(api));
    expect((await other.get('/v1/policies')).status).toBe(200);
    expect((await api.as('nobody').get('/v1/policies')).status).toBe(403);
    expect((await api.as(undefined).get('/healthz')).status).toBe(200);
  });

  row('7/metrics-rate-limited', async () => {
    const watcher = await tenant();
    const { refused } = await flood(await otherKey(watcher));
    expect(await limitedToday(watcher)).toBe(refused);
    // The counts are not Redis': with the buckets they do not go.
    await wipeRedis();
    expect(await limitedToday(watcher)).toBe(refused);
    const { refused: others } = await flood(await otherKey(watcher));
    expect(await limitedToday(watcher)).toBe(refused + others);
    const counted = valueOf(await scrape(watcher), 'tollgate_rate_limited_total', { service: 'gateway' });
    expect(counted).toBeGreaterThanOrEqual(refused + others);
  });

  row('0/429-gateways', async () => {
    const watcher = await tenant();
    const api = await otherKey(watcher);
    const second = await tollgate().startProcess('gateway');
    const readiness = async () => (await tollgate().apiOf(second).as(undefined).get('/readyz')).body;
    await eventually('it has found the buckets', async () => (await readiness()).degraded === false);
    const { refused } = await flood(api, tollgate().apiOf(second).as(api.key));
    await second.stop();
    const isCounted = async () => (await limitedToday(watcher)) === refused;
    await eventually('what both refused is counted', isCounted, 15_000, 1_500);
  });

  row('0/429-without-redis', async () => {
    const api = await tenant();
    await tollgate().redis.stop();
    try {
      await flood(api);
    } finally {
      await tollgate().startAgain('redis');
    }
  });

  async function wipeRedis(): Promise<void> {
    const redis = openRedis(tollgate().redis.url, { name: 'wipe', timeoutMs: 2_000 });
    await new Promise((resolve) => redis.once('ready', resolve));
    await redis.flushall();
    redis.disconnect();
  }
});
