import { eventually } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { PatientApi } from './patient-api.js';
import { row } from './row.js';
import { createTenant } from './tenant.js';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
const LEASE_ID = expect.stringMatching(/^lease_/);

describe('contract 2, leases', () => {
  const tollgate = installed();
  const api = () => PatientApi.of(tollgate().api);
  const post = (verb: string, body: object, headers = {}) => api().post(`/v1/ai/${verb}`, body, headers);
  const get = (what: string, key: string) => api().get(`/v1/ai/${what}?key=${encodeURIComponent(key)}`);
  /** A key that is held, and its holder's capability. */
  const held = async (ttl = 60): Promise<{ key: string; lease_id: string }> => {
    const key = fresh('key');
    return { key, lease_id: (await post('lease', { key, ttl })).body.lease_id };
  };
  const usage = async (): Promise<number> => (await api().get('/v1/usage?kind=ai')).body.usage;
  const expired = async (): Promise<{ key: string; lease_id: string }> => {
    const holder = await held(1);
    await eventually('it expires', async () => (await get('status', holder.key)).body.error_code === 'timeout');
    return holder;
  };

  row('2/acquired', async () => {
    const key = fresh('key');
    const { status, body } = await post('lease', { key, ttl: 60, metadata: { a: 1 } });
    expect([status, body]).toEqual([
      200,
      {
        ok: true,
        status: 'acquired',
        key,
        ttl: 60,
        ttl_left: null,
        lease_id: LEASE_ID,
        version: 1,
        first_seen_at: TIME,
        done_at: null,
        result_hash: null,
        error_code: null,
        retry_after_sec: null,
        usage: expect.any(Number),
        limit: 0,
        charged: 1,
      },
    ]);
  });

  row('2/polling', async () => {
    const { key } = await held();
    const { body } = await post('lease', { key, ttl: 5 });
    expect(body).toMatchObject({ ok: true, status: 'polling', lease_id: null, version: 1, charged: 0 });
    expect(Number.isInteger(body.ttl_left) && body.ttl_left > 0 && body.ttl_left <= 60).toBe(true);
    expect(body.retry_after_sec).toBeGreaterThanOrEqual(1);
    expect(body.retry_after_sec).toBeLessThanOrEqual(5);
  });

  row('2/finished', async () => {
    const [done, failed] = [await held(), await held()];
    await post('complete', { ...done, result: { total: 7 }, result_hash: 'h' });
    await post('fail', { ...failed, error_code: 'boom' });
    const nothing = { lease_id: null, ttl_left: null, retry_after_sec: null, charged: 0, done_at: TIME };
    expect((await post('lease', { key: done.key })).body).toMatchObject({
      ...nothing,
      ok: true,
      status: 'completed',
      result_hash: 'h',
      result: { total: 7 },
    });
    expect((await post('lease', { key: failed.key })).body).toMatchObject({
      ...nothing,
      ok: false,
      status: 'failed',
      error_code: 'boom',
    });
  });

  row('2/status', async () => {
    const { key, lease_id } = await held();
    const { body } = await get('status', key);
    expect(body).toEqual({
      ok: true,
      status: 'in_progress',
      key,
      ttl_left: expect.any(Number),
      lease_id: null,
      version: 1,
      first_seen_at: TIME,
      done_at: null,
      result_hash: null,
      error_code: null,
      retry_after_sec: expect.any(Number),
    });
    await post('fail', { key, lease_id, error_code: 'boom' });
    expect((await get('status', key)).body).toMatchObject({ ok: false, status: 'failed', error_code: 'boom' });
    expect((await get('status', fresh('unknown'))).body.detail.error).toBe('not_found');
    expect((await get('result', fresh('unknown'))).status).toBe(404);
  });

  row('2/result', async () => {
    const { key, lease_id } = await held();
    const members = { ok: true, key, result: null, result_hash: null, error_code: null, done_at: null };
    expect((await get('result', key)).body).toEqual({ ...members, status: 'in_progress' });
    await post('complete', { key, lease_id, result: { text: 'ü'.repeat(20_000) }, result_hash: 'h' });
    const done = { ...members, status: 'completed', result_hash: 'h', done_at: TIME };
    expect((await get('result', key)).body).toEqual({ ...done, result: { text: 'ü'.repeat(20_000) } });
  });

  row('2/extend', async () => {
    const { key, lease_id } = await held(60);
    expect((await post('extend', { key, lease_id, ttl: 600 })).body).toEqual({
      ok: true,
      status: 'extended',
      key,
      ttl: 600,
      version: 2,
    });
    expect((await get('status', key)).body.ttl_left).toBeGreaterThan(60);
    expect((await post('extend', { key, lease_id })).body).toMatchObject({ ttl: 600, version: 3 });
  });

  row('2/complete', async () => {
    const holder = await held();
    const answer = await post('complete', { ...holder, result: { a: 1 }, result_hash: 'h' });
    const { key } = holder;
    const body = { ok: true, status: 'completed', key, version: 1, done_at: TIME, result_hash: 'h' };
    expect(answer.body).toEqual(body);
    expect((await post('complete', { ...holder, result: { a: 2 } })).body).toEqual(answer.body);
  });

  row('2/large-result', async () => {
    const holder = await held();
    const { body } = await post('complete', { ...holder, result: { text: 'x'.repeat(262_144) } });
    expect(body).toMatchObject({ ok: true, status: 'completed', result_dropped: true });
    expect((await get('result', holder.key)).body).toMatchObject({ result: null, result_dropped: true });
  });

  row('2/large-body', async () => {
    const holder = await held();
    const tooLarge = await post('complete', { ...holder, result: { text: 'x'.repeat(1_048_576) } });
    expect([tooLarge.status, tooLarge.body.detail.error]).toEqual([413, 'payload_too_large']);
    expect((await get('status', holder.key)).body.status).toBe('in_progress');
    expect((await post('complete', { ...holder, result_hash: 'h' })).body).toMatchObject({
      ok: true,
      result_hash: 'h',
    });
  });

  row('2/fail', async () => {
    const holder = await held();
    const answer = await post('fail', { ...holder, error_code: 'boom', error_hash: 'e' });
    const body = { status: 'failed', key: holder.key, version: 1, done_at: TIME, error_code: 'boom' };
    expect(answer.body).toEqual({ ok: true, ...body });
    expect((await post('fail', { ...holder, error_code: 'other' })).body).toEqual(answer.body);
  });

  row('2/cancel', async () => {
    const holder = await held();
    const { key } = holder;
    const canceled = { ok: true, status: 'canceled', key, version: 1 };
    const used = await usage();
    expect((await post('cancel', { ...holder, reason: 'changed my mind' })).body).toEqual(canceled);
    expect((await get('status', key)).body).toMatchObject({ ok: false, status: 'failed', error_code: 'canceled' });
    expect(await usage()).toBe(used);
    const again = await post('lease', { key });
    expect(again.body).toMatchObject({ status: 'acquired', version: 2, charged: 1, usage: used + 1 });
    expect(again.body.lease_id).not.toBe(holder.lease_id);
  });

  row('2/expired', async () => {
    const holder = await expired();
    const { key } = holder;
    const before = (await get('status', key)).body;
    expect(before).toMatchObject({ ok: false, status: 'failed', error_code: 'timeout' });
    const { body } = await post('lease', { key, ttl: 60 });
    expect(body).toMatchObject({ status: 'acquired', version: 2, charged: 0, first_seen_at: before.first_seen_at });
    expect(body.lease_id).not.toBe(holder.lease_id);
  });

  row('2/comes-back', async () => {
    const [late, later] = [await expired(), await expired()];
    expect((await post('extend', { ...late, ttl: 60 })).body).toMatchObject({ status: 'extended', version: 2 });
    expect((await post('complete', late)).body).toMatchObject({ status: 'completed', version: 2 });
    expect((await post('complete', later)).body).toMatchObject({ status: 'completed' });
  });

  row('2/reset', async () => {
    const holder = await held();
    const { key } = holder;
    expect((await post('reset', { key })).body.detail.error).toBe('not_failed');
    await post('fail', { ...holder, error_code: 'boom' });
    const canceled = await held();
    await post('cancel', canceled);
    const done = await held();
    await post('complete', done);
    for (const free of [key, canceled.key, (await expired()).key]) {
      const freed = { ok: true, status: 'reset', key: free, version: 1 };
      expect((await post('reset', { key: free })).body).toEqual(freed);
      expect((await post('reset', { key: free })).body).toEqual(freed);
      for (const what of ['status', 'result']) expect((await get(what, free)).status).toBe(404);
    }
    expect((await post('reset', { key: done.key })).body.detail.error).toBe('not_failed');
    expect((await post('reset', { key: fresh('unknown') })).status).toBe(404);
  });

  row('2/reset-anew', async () => {
    const { key } = await expired();
    const { first_seen_at } = (await get('status', key)).body;
    await post('reset', { key });
    // Without the reset it would be charged 0, and still be known from then.
    const { body } = await post('lease', { key });
    expect(body).toMatchObject({ status: 'acquired', version: 2, charged: 1 });
    expect(Date.parse(body.first_seen_at)).toBeGreaterThan(Date.parse(first_seen_at));
  });

  row('2/mismatch', async () => {
    const { key, lease_id } = await held();
    for (const verb of ['extend', 'complete', 'fail', 'cancel']) {
      const wrong = await post(verb, { key, lease_id: 'lease_other', error_code: 'x' });
      expect([wrong.status, wrong.body.detail.error]).toEqual([409, 'lease_mismatch']);
    }
    await post('cancel', { key, lease_id });
    await post('lease', { key });
    expect((await post('extend', { key, lease_id })).body.detail.error).toBe('lease_mismatch');
  });

  row('2/lease-finished', async () => {
    const holder = await held();
    await post('complete', holder);
    for (const verb of ['extend', 'fail', 'cancel']) {
      const other = await post(verb, { ...holder, error_code: 'x' });
      expect([other.status, other.body.detail.error]).toEqual([409, 'lease_finished']);
    }
  });

  row('2/idempotency-key', async () => {
    const [key, header] = [fresh('key'), { 'idempotency-key': fresh('again') }];
    const first = await post('lease', { key, ttl: 60 }, header);
    expect((await post('lease', { key, ttl: 60 }, header)).body).toEqual(first.body);
    expect((await post('lease', { key, ttl: 60 })).body.status).toBe('polling');
  });

  row('2/members', async () => {
    const holder = await held();
    const texts = ['😀'.repeat(257), 'a\u0001b', 'a\u007f', 7, {}, ['a'], true];
    const [id, word] = [[undefined, '', ...texts], texts];
    const [ttl, object] = [
      [0, -1, 1.5, '60', true],
      ['x', 7, ['a']],
    ];
    const routes: Json = {
      lease: { key: id, ttl, metadata: [...object, { text: 'x'.repeat(2_048) }] },
      extend: { key: id, lease_id: id, ttl },
      complete: { key: id, lease_id: id, result: object, result_hash: word },
      fail: { key: id, lease_id: id, error_code: [undefined, ...word], error_hash: word },
      cancel: { key: id, lease_id: id, reason: word },
      reset: { key: id },
    };
    for (const [verb, members] of Object.entries<Json>(routes)) {
      for (const [member, values] of Object.entries<Json>(members)) {
        for (const bad of values) {
          const { status, body } = await post(verb, { ...holder, error_code: 'boom', [member]: bad });
          expect([verb, member, bad, status, body.detail?.[0]?.loc]).toEqual([
            verb,
            member,
            bad,
            422,
            ['body', member],
          ]);
        }
      }
    }
    for (const what of ['status', 'result'])
      for (const bad of ['', '😀'.repeat(257), 'a\u0001b']) expect((await get(what, bad)).status).toBe(422);
    expect((await get('status', holder.key)).body).toMatchObject({ status: 'in_progress', version: 1 });
    const longest = '😀'.repeat(256);
    const key = longest;
    const { lease_id } = (await post('lease', { key })).body;
    expect((await post('complete', { key, lease_id, result_hash: longest })).body.result_hash).toBe(longest);
    expect((await post('fail', { ...holder, error_code: longest, error_hash: longest })).body.error_code).toBe(longest);
  });

  row('2/namespaces', async () => {
    const key = fresh('key');
    await api().post('/v1/check-lock', { key, ttl: 60 });
    expect((await post('lease', { key, ttl: 60 })).body.status).toBe('acquired');
    const other = await createTenant(tollgate(), fresh('tenant'));
    expect((await other.api.post('/v1/check-lock', { key, ttl: 60 })).body.status).toBe('locked');
    expect((await other.api.get(`/v1/ai/status?key=${key}`)).status).toBe(404);
  });

  row('2/agent-keys', async () => {
    const body = { role: 'agent', agents: ['a'] };
    const agent = api().as((await api().post('/v1/keys', body)).body.key);
    const key = fresh('key');
    const { lease_id } = (await agent.post('/v1/ai/lease', { key })).body;
    expect((await agent.post('/v1/ai/complete', { key, lease_id })).status).toBe(200);
    expect((await agent.post('/v1/check-lock', { key })).status).toBe(200);
    expect((await agent.post('/v1/ai/reset', { key })).body.detail.error).toBe('forbidden');
  });
});
