import { answerHealth, startHealthServer } from './health-server.js';
import { HEALTHY, healthWithin, mergeHealth, type HealthReport } from './health.js';

const noRedis: HealthReport = { ready: true, degraded: true, missing: ['redis'] };
const noNats: HealthReport = { ready: false, degraded: false, missing: ['nats'] };
const source = (report: HealthReport) => ({
  health: () => Promise.resolve(report),
  metrics: () => Promise.resolve('up 1\n'),
});

describe('the health of a process', () => {
  it('is that of its least healthy service, each missing thing named once', () => {
    expect(mergeHealth([HEALTHY, noRedis, noRedis, noNats])).toEqual({
      ready: false,
      degraded: true,
      missing: ['nats', 'redis'],
    });
    expect(mergeHealth([HEALTHY, noRedis])).toEqual(noRedis);
  });

  it('names a service that fails or hangs, in time', async () => {
    const hanging = () => new Promise<HealthReport>(() => undefined);
    const expected = { ready: false, degraded: false, missing: ['lease'] };
    expect(await healthWithin('lease', hanging, 20)).toEqual(expected);
    expect(await healthWithin('lease', () => Promise.reject(new Error('x')), 20)).toEqual(expected);
    expect(await healthWithin('lease', () => Promise.resolve(noRedis), 20)).toEqual(noRedis);
  });

  it('is answered by path', async () => {
    expect(await answerHealth('/healthz', source(noNats))).toMatchObject({ status: 200 });
    expect(await answerHealth('/readyz', source(noRedis))).toMatchObject({
      status: 200,
      body: JSON.stringify(noRedis),
    });
    expect(await answerHealth('/readyz', source(noNats))).toMatchObject({ status: 503, body: JSON.stringify(noNats) });
    expect(await answerHealth('/metricsz', source(HEALTHY))).toMatchObject({ status: 200, body: 'up 1\n' });
    expect(await answerHealth('/v1/me', source(HEALTHY))).toBeUndefined();
  });

  it('is served over HTTP, on a free port when asked', async () => {
    const server = await startHealthServer('127.0.0.1', 0, source(noNats));
    const base = `http://127.0.0.1:${server.port}`;
    expect((await fetch(`${base}/readyz?verbose`)).status).toBe(503);
    expect((await fetch(`${base}/else`)).status).toBe(404);
    expect(await (await fetch(`${base}/metricsz`)).text()).toBe('up 1\n');
    await server.close();
  });
});
