import { eventually, type Api } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { planSettings } from './plan-file.js';
import { row } from './row.js';
import { createTenant } from './tenant.js';

const PLAN = { name: 'small', credits: { make: 1, ai: 3 }, stopsAtCredits: true };
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
const NOTHING = {
  id: expect.any(Number),
  ts: expect.any(Number),
  req_id: expect.any(String),
  key: null,
  first_seen_at: null,
  plan: null,
  usage: null,
  limit: null,
  charged: null,
  version: null,
  lease_id: null,
  done_at: null,
  result_hash: null,
  error_code: null,
  agent_id: null,
  tool: null,
};

describe('contract 8 and 2, what is listed of locks and leases', () => {
  const tollgate = installed({ env: planSettings(PLAN) });
  const tenant = async (): Promise<Api> => (await createTenant(tollgate(), fresh('tenant'))).api;
  const oldestFirst = async (api: Api): Promise<Json[]> => [...(await api.get('/v1/events')).body].reverse();
  const lease = async (api: Api, ttl = 60) => {
    const key = fresh('key');
    const { status, body } = await api.post('/v1/ai/lease', { key, ttl });
    expect([status, body.status]).toEqual([200, 'acquired']);
    return { key, lease_id: body.lease_id as string };
  };
  const expired = async (api: Api) => {
    const holder = await lease(api, 1);
    const status = async () => (await api.get(`/v1/ai/status?key=${holder.key}`)).body;
    await eventually('it expires', async () => (await status()).error_code === 'timeout');
    return holder;
  };

  row('8/events-leases', async () => {
    const api = await tenant();
    const again = { 'idempotency-key': fresh('again') };
    const [locked, refused] = [fresh('lock'), fresh('key')];
    for (const headers of [again, again, {}, {}]) await api.post('/v1/check-lock', { key: locked, ttl: 60 }, headers);
    const done = { key: fresh('key'), lease_id: '' };
    for (const headers of [again, again, {}]) {
      const { body } = await api.post('/v1/ai/lease', { key: done.key, ttl: 60 }, headers);
      done.lease_id ||= body.lease_id;
    }
    await api.post('/v1/ai/extend', done);
    for (const _repeat of [1, 2]) await api.post('/v1/ai/complete', { ...done, result_hash: 'h' });
    const failed = await lease(api);
    await api.post('/v1/ai/fail', { ...failed, error_code: 'boom' });
    const lost = await expired(api);
    const { lease_id } = (await api.post('/v1/ai/lease', { key: lost.key, ttl: 60 })).body;
    await api.post('/v1/ai/cancel', { key: lost.key, lease_id });
    expect((await api.post('/v1/ai/lease', { key: refused })).status).toBe(402);

    const seen = { ...NOTHING, first_seen_at: TIME };
    const make = { plan: 'small', limit: 1, key: locked };
    const ai = { plan: 'small', limit: 3 };
    const ended = { ...seen, done_at: TIME };
    const events = await oldestFirst(api);
    expect(events).toEqual([
      { ...seen, type: 'locked', ...make, usage: 0, charged: 0 },
      { ...seen, type: 'duplicate', ...make, usage: 1, charged: 1 },
      { ...NOTHING, type: 'over_limit', ...make, usage: 1, charged: 0 },
      { ...seen, type: 'ai_acquired', ...ai, key: done.key, version: 1, usage: 1, charged: 1 },
      { ...seen, type: 'ai_in_progress', ...ai, key: done.key, version: 1, usage: 1, charged: 0 },
      { ...seen, type: 'ai_extended', key: done.key, version: 2 },
      { ...ended, type: 'ai_completed', ...done, version: 2, result_hash: 'h' },
      { ...seen, type: 'ai_acquired', ...ai, key: failed.key, version: 1, usage: 2, charged: 1 },
      { ...ended, type: 'ai_failed', ...failed, version: 1, error_code: 'boom' },
      { ...seen, type: 'ai_acquired', ...ai, key: lost.key, version: 1, usage: 3, charged: 1 },
      { ...ended, type: 'ai_failed', key: lost.key, version: 1, error_code: 'timeout' },
      { ...seen, type: 'ai_acquired', ...ai, key: lost.key, version: 2, usage: 3, charged: 0 },
      { ...ended, type: 'ai_canceled', key: lost.key, lease_id, version: 2, error_code: 'canceled' },
      { ...NOTHING, type: 'ai_over_limit', ...ai, key: refused, usage: 3, charged: 0 },
    ]);
    expect(new Set(events.map(({ req_id }) => req_id)).size).toBe(events.length);
  });

  row('2/lease-id-shown', async () => {
    const api = await tenant();
    const [completed, failed, canceled] = [await lease(api), await expired(api), await lease(api)];
    const all = [completed, failed, canceled];
    await api.post('/v1/ai/extend', { ...completed, ttl: 60 });
    await api.post('/v1/ai/lease', { key: completed.key });
    const shown = async (): Promise<string> => {
      const looks = all.flatMap(({ key }) => [`/v1/ai/status?key=${key}`, `/v1/ai/result?key=${key}`]);
      const paths = ['/v1/events', '/v1/events?after=0', '/v1/runs', ...looks];
      return JSON.stringify(await Promise.all(paths.map(async (path) => (await api.get(path)).body)));
    };
    const before = await shown();
    expect(before).toContain(completed.key);
    for (const { lease_id } of all) expect(before).not.toContain(lease_id);
    await api.post('/v1/ai/extend', { ...failed, ttl: 60 });
    await api.post('/v1/ai/complete', completed);
    await api.post('/v1/ai/fail', { ...failed, error_code: 'boom' });
    await api.post('/v1/ai/cancel', canceled);
    const ids = new Map((await oldestFirst(api)).map(({ key, lease_id }) => [key, lease_id]));
    expect(all.map(({ key }) => ids.get(key))).toEqual(all.map(({ lease_id }) => lease_id));
    for (const { key } of all) expect((await api.get(`/v1/ai/status?key=${key}`)).body.lease_id).toBeNull();
  });

  row('2/lease-id-told', async () => {
    const api = await tenant();
    const [{ lease_id }, run_id] = [await lease(api), fresh('run')];
    await api.post('/v1/events', { run_id, type: 'note', lease_id, data: { lease_id } });
    const { events } = (await api.get(`/v1/runs/${run_id}`)).body;
    expect(events).toMatchObject([{ source: 'client', lease_id, data: { lease_id } }]);
    expect(JSON.stringify(await oldestFirst(api))).not.toContain(lease_id);
  });
});
