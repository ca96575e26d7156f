import { eventually } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';

describe('contract 1, check-lock', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  const check = (body: object, headers = {}) => api().post('/v1/check-lock', body, headers);

  row('1/new', async () => {
    const key = fresh('key');
    const { status, body, headers } = await check({ key, ttl: 60, metadata: { note: 'x' } });
    expect([status, body]).toEqual([200, { success: true, status: 'locked', key, ttl: 60, first_seen_at: null }]);
    expect(headers.get('X-OnceOnly-Status')).toBe('locked');
  });

  row('1/repeat', async () => {
    const key = fresh('key');
    await check({ key, ttl: 60 });
    const { status, body, headers } = await check({ key, ttl: 50 });
    const first_seen_at = expect.stringMatching(/^\d{4}-.*Z$/);
    expect([status, body]).toEqual([200, { success: false, status: 'duplicate', key, ttl: 50, first_seen_at }]);
    expect(headers.get('X-OnceOnly-Status')).toBe('duplicate');
  });

  row('1/ttl', async () => {
    // The default plan is unlimited: a day, at most thirty.
    expect((await check({ key: fresh('key') })).body.ttl).toBe(86_400);
    expect((await check({ key: fresh('key'), ttl: 1e9 })).body.ttl).toBe(30 * 86_400);
    for (const ttl of [0, -1, 1.5, 'x', true]) expect((await check({ key: fresh('key'), ttl })).status).toBe(422);
  });

  row('1/no-refresh', async () => {
    const key = fresh('key');
    await check({ key, ttl: 1 });
    const repeats = await Promise.all([check({ key, ttl: 60 }), check({ key, ttl: 60 })]);
    expect(repeats.map(({ body }) => body.status)).toEqual(['duplicate', 'duplicate']);
    await eventually('the lock is over', async () => (await check({ key, ttl: 60 })).body.status === 'locked');
  });

  row('1/idempotency-key', async () => {
    const [key, header] = [fresh('key'), { 'idempotency-key': fresh('again') }];
    const first = await check({ key, ttl: 60 }, header);
    expect((await check({ key, ttl: 60 }, header)).body).toEqual(first.body);
    expect((await check({ key, ttl: 60 }, { 'idempotency-key': fresh('other') })).body.status).toBe('duplicate');
  });

  row('1/once', async () => {
    const key = fresh('key');
    const all = await Promise.all(Array.from({ length: 20 }, () => check({ key, ttl: 60 })));
    expect(all.filter(({ body }) => body.status === 'locked')).toHaveLength(1);
  });

  row('1/body', async () => {
    for (const bad of [{}, { key: '' }, { key: 'x'.repeat(257) }, { key: 'k', metadata: { text: 'x'.repeat(2_048) } }])
      expect((await check(bad)).status).toBe(422);
  });
});
