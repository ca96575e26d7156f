import { answer, drop, type Api } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { row } from './row.js';
import { createTenant } from './tenant.js';

const MEMBERS_OF_AN_EVENT = [
  'agent_id',
  'charged',
  'done_at',
  'error_code',
  'first_seen_at',
  'id',
  'key',
  'lease_id',
  'limit',
  'plan',
  'req_id',
  'result_hash',
  'tool',
  'ts',
  'type',
  'usage',
  'version',
];

describe('contract 5 and 8, metrics, runs and events', () => {
  const tollgate = installed();
  /** Somebody whose lists hold nothing else. */
  async function tenant(): Promise<Api> {
    return (await createTenant(tollgate(), fresh('tenant'))).api;
  }
  let shared: Api | undefined;
  const api = () => shared!;
  beforeAll(async () => {
    shared = await tenant();
  });

  async function pair(of: Api, policy: object = {}) {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    await tollgate().register(call.tool, {}, of);
    await tollgate().policy(call.agent_id, { ...policy }, of);
    return call;
  }
  const keyFor = async (of: Api, ...agents: string[]) =>
    of.as((await of.post('/v1/keys', { role: 'agent', agents })).body.key);
  /** One call of each decision: executed, dedup, blocked, failed, and one in doubt. */
  async function oneOfEach(of: Api, call: { agent_id: string; tool: string }, run_id?: string) {
    const run = async (more: object) => (await of.run({ ...call, ...(run_id && { run_id }), ...more })).body;
    const executed = await run({ spend_usd: 0.5 });
    const dedup = await run({ spend_usd: 0.5 });
    const blocked = await run({ tool: 'bad' });
    tollgate().tool.on(call.tool, answer(400));
    const failed = await run({ args: { n: 2 } });
    tollgate().tool.on(call.tool, drop);
    const unknown = await run({ args: { n: 3 }, spend_usd: 0.25 });
    return { executed, dedup, blocked, failed, unknown };
  }

  describe('metrics', () => {
    row('5/metrics', async () => {
      const call = await pair(api(), { blocked_tools: ['bad'] });
      const { unknown } = await oneOfEach(api(), call);
      const metrics = {
        agent_id: call.agent_id,
        period: 'day',
        total_actions: 5,
        blocked_actions: 1,
        total_spend_usd: 0.75,
        top_tools: [
          { tool: call.tool, count: 4 },
          { tool: 'bad', count: 1 },
        ],
        executed_actions: 1,
        dedup_actions: 1,
        failed_actions: 2,
        by_reason: { ok: 1, tool_idempotency: 1, tool_explicitly_blocked: 1, tool_error: 1, outcome_unknown: 1 },
        would_block: {},
      };
      const path = `/v1/agents/${call.agent_id}/metrics`;
      expect(await api().get(path)).toMatchObject({ status: 200, body: metrics });
      for (const period of ['hour', 'day', 'week']) {
        expect((await api().get(`${path}?period=${period}`)).body).toEqual({ ...metrics, period });
      }
      await api().post(`/v1/calls/${unknown.call_id}/resolve`, { outcome: 'executed', note: 'it did' });
      expect((await api().get(path)).body).toMatchObject({
        total_actions: 5,
        executed_actions: 2,
        failed_actions: 1,
        by_reason: { ok: 2, tool_idempotency: 1, tool_explicitly_blocked: 1, tool_error: 1 },
      });
    });

    row('5/metrics-period', async () => {
      const path = `/v1/agents/${fresh('nobody')}/metrics`;
      expect((await api().get(path)).body).toMatchObject({ total_actions: 0, total_spend_usd: 0, top_tools: [] });
      const { status, body } = await api().get(`${path}?period=month`);
      expect([status, body.detail[0]]).toMatchObject([422, { loc: ['query', 'period'] }]);
    });
  });

  describe('runs', () => {
    row('8/runs', async () => {
      const mine = await tenant();
      const call = await pair(mine);
      const runs = ['first', 'second', 'third'].map(fresh);
      for (const [n, run_id] of runs.entries()) await mine.run({ ...call, run_id, args: { n } });
      await mine.run({ ...call, run_id: runs[0], args: { n: 'again' } });
      const { status, body } = await mine.get('/v1/runs');
      expect([status, Object.keys(body).sort(), body.total]).toEqual([200, ['items', 'total'], 3]);
      expect(body.items.map(({ run_id }: Json) => run_id)).toEqual([runs[0], runs[2], runs[1]]);
      for (const item of body.items) {
        const { total, events } = (await mine.get(`/v1/runs/${item.run_id}`)).body;
        const { ts, type, status: last } = events.at(-1);
        expect(item).toEqual({
          run_id: item.run_id,
          last_ts: ts,
          last_type: type,
          last_status: last,
          events_count: total,
        });
        expect([total, type]).toEqual([events.length, 'run_finished']);
      }
      const page = (await mine.get('/v1/runs?limit=1&offset=1')).body;
      expect(page).toEqual({ total: 3, items: body.items.slice(1, 2) });
      for (const query of ['limit=0', 'limit=501', 'offset=-1', 'limit=x']) {
        expect([query, (await mine.get(`/v1/runs?${query}`)).status]).toEqual([query, 422]);
      }
    });

    row('8/runs-q', async () => {
      const mine = await tenant();
      const call = await pair(mine);
      const runs = ['nightly_1', 'nightlyX2', 'nightly%3', 'Nightly', 'weekly'];
      for (const [n, run_id] of runs.entries()) await mine.run({ ...call, run_id, args: { n } });
      const found = async (q: string) => {
        const { total, items } = (await mine.get(`/v1/runs?q=${encodeURIComponent(q)}`)).body;
        expect(total).toBe(items.length);
        return items.map(({ run_id }: Json) => run_id).sort();
      };
      expect(await found('nightly')).toEqual(['nightly%3', 'nightlyX2', 'nightly_1']);
      expect(await found('nightly_')).toEqual(['nightly_1']);
      expect(await found('nightly%')).toEqual(['nightly%3']);
      expect(await found('ightly')).toEqual([]);
      expect(await found('')).toHaveLength(5);
    });

    row('8/runs-agents', async () => {
      const mine = await tenant();
      const [one, other] = [await pair(mine), await pair(mine)];
      await mine.run({ ...one, run_id: 'shared' });
      await mine.run({ ...other, run_id: 'shared' });
      await mine.run({ ...other, run_id: 'of the other', args: { n: 2 } });
      await mine.post('/v1/events', { run_id: 'of nobody', type: 'note' });
      const all = (await mine.get('/v1/runs')).body;
      expect([all.total, all.items.length]).toEqual([3, 3]);
      const whole = all.items.find(({ run_id }: Json) => run_id === 'shared');
      const seen = (await (await keyFor(mine, one.agent_id)).get('/v1/runs')).body;
      expect([seen.total, seen.items.map(({ run_id }: Json) => run_id)]).toEqual([1, ['shared']]);
      expect(seen.items[0].events_count).toBe(whole.events_count / 2);
      expect(seen.items[0].last_ts).toBeLessThan(whole.last_ts);
      const both = (await (await keyFor(mine, one.agent_id, other.agent_id)).get('/v1/runs')).body;
      expect([both.total, both.items.map(({ run_id }: Json) => run_id)]).toEqual([2, ['of the other', 'shared']]);
      expect(both.items[1]).toEqual(whole);
      expect((await (await keyFor(mine, '*')).get('/v1/runs')).body).toEqual(all);
    });

    row('8/runs-client', async () => {
      const mine = await tenant();
      const call = await pair(mine);
      await mine.run({ ...call, run_id: 'ran' });
      const before = (await mine.get('/v1/runs')).body.items[0];
      await mine.post('/v1/events', { run_id: 'ran', type: 'cleaned_up', status: 'ok' });
      expect((await mine.get('/v1/runs')).body.items).toEqual([{ ...before, events_count: before.events_count + 1 }]);
      await mine.post('/v1/events', { run_id: 'noted', type: 'began', ts: 1_000 });
      await mine.post('/v1/events', { run_id: 'noted', type: 'went_on', status: 'ok', ts: 2_000.5 });
      expect((await mine.get('/v1/runs?q=noted')).body).toEqual({
        total: 1,
        items: [{ run_id: 'noted', last_ts: 2_000.5, last_type: 'went_on', last_status: 'ok', events_count: 2 }],
      });
    });
  });

  describe('events', () => {
    row('8/events', async () => {
      const mine = await tenant();
      const call = await pair(mine, { blocked_tools: ['bad'] });
      const { executed, dedup, blocked, failed, unknown } = await oneOfEach(mine, call);
      const { status, body } = await mine.get('/v1/events');
      expect(status).toBe(200);
      const told = [unknown, failed, blocked, dedup, executed];
      expect(body.map(({ type, req_id }: Json) => [type, req_id])).toEqual(
        ['failed', 'failed', 'blocked', 'dedup', 'executed'].map((decision, n) => [
          `tool_${decision}`,
          told[n]!.call_id,
        ]),
      );
      expect(body.map(({ error_code }: Json) => error_code)).toEqual([
        'connection_lost',
        'tool_error',
        'tool_explicitly_blocked',
        null,
        null,
      ]);
      for (const event of body) {
        expect(Object.keys(event).sort()).toEqual(MEMBERS_OF_AN_EVENT);
        expect(event).toMatchObject({ agent_id: call.agent_id, done_at: expect.stringMatching(/Z$/) });
        expect([Number.isSafeInteger(event.id), Number.isInteger(event.ts)]).toEqual([true, true]);
      }
      expect(body.map(({ tool }: Json) => tool)).toEqual([call.tool, call.tool, 'bad', call.tool, call.tool]);
      const ids = body.map(({ id }: Json) => id);
      expect(ids).toEqual([...new Set(ids)].sort((one: Json, other: Json) => other - one));
      expect((await mine.get('/v1/events?limit=2&offset=1')).body).toEqual(body.slice(1, 3));
      for (const query of ['limit=501', 'offset=-1', 'after=x']) {
        expect([query, (await mine.get(`/v1/events?${query}`)).status]).toEqual([query, 422]);
      }
    });

    row('8/events-req-id', async () => {
      const mine = await tenant();
      const call = await pair(mine);
      tollgate().tool.on(call.tool, drop);
      const { call_id } = (await mine.run(call)).body;
      await mine.post(`/v1/calls/${call_id}/resolve`, { outcome: 'executed', note: 'seen' });
      const { body } = await mine.get('/v1/events');
      expect(body.map(({ type }: Json) => type)).toEqual(['tool_executed', 'tool_failed']);
      expect(new Set(body.map(({ req_id }: Json) => req_id)).size).toBe(2);
    });

    row('8/events-after', async () => {
      const mine = await tenant();
      const call = await pair(mine, { blocked_tools: ['bad'] });
      expect((await mine.get('/v1/events?after=0')).body).toEqual([]);
      for (let n = 0; n < 4; n += 1) await mine.run({ ...call, args: { n }, ...(n % 2 === 1 && { tool: 'bad' }) });
      const newest = (await mine.get('/v1/events')).body;
      // What was answered before is there, though ids are only served once nothing can come before them any more.
      const all = (await mine.get('/v1/events?after=0')).body;
      expect(all).toEqual([...newest].reverse());
      const [first, second] = [
        (await mine.get('/v1/events?after=0&limit=3')).body,
        (await mine.get(`/v1/events?after=${all[2].id}&limit=3`)).body,
      ];
      expect([...first, ...second]).toEqual(all);
      await mine.run({ ...call, args: { n: 'more' } });
      expect((await mine.get(`/v1/events?after=${all[3].id}`)).body).toMatchObject([{ type: 'tool_executed' }]);
    });
  });

  describe('events of clients', () => {
    row('8/post-event', async () => {
      const run_id = fresh('run');
      const sent = {
        run_id,
        type: 'step_finished',
        ts: 1_795_262_399.25,
        status: 'ok',
        duration_ms: 1250,
        step: 'collect',
        tool: 'search',
        req_id: 'r-1',
        lease_id: 'lease_x',
        agent_id: 'scout',
        message: 'found:\n12',
        data: { found: 12, nothing: null },
      };
      const posted = await api().post('/v1/events', sent);
      expect(posted).toMatchObject({ status: 200, body: { ok: true, event_id: expect.any(Number), run_id } });
      expect(Object.keys(posted.body).sort()).toEqual(['event_id', 'ok', 'run_id']);
      const { total, events } = (await api().get(`/v1/runs/${run_id}`)).body;
      expect([total, events]).toEqual([1, [{ ...sent, id: posted.body.event_id, call_id: null, source: 'client' }]]);
      // Without a time of its own it has the one at which it came, and nothing that was not said.
      const before = Date.now() / 1000 - 2;
      const { event_id } = (await api().post('/v1/events', { run_id, type: 'plain' })).body;
      expect(event_id).toBeGreaterThan(posted.body.event_id);
      const plain = (await api().get(`/v1/runs/${run_id}`)).body.events.at(-1);
      expect(plain).toMatchObject({ id: event_id, type: 'plain', status: null, data: null, agent_id: null });
      expect(plain.ts).toBeGreaterThan(before);
    });

    row('8/post-event-order', async () => {
      const call = await pair(api());
      const run_id = fresh('run');
      const note = (type: string) => api().post('/v1/events', { run_id, type });
      await note('began');
      await api().run({ ...call, run_id });
      await note('ended');
      const { events } = (await api().get(`/v1/runs/${run_id}`)).body;
      expect([events[0].type, events.at(-1).type]).toEqual(['began', 'ended']);
      const ids = events.map(({ id }: Json) => id);
      expect(ids).toEqual([...new Set(ids)].sort((one: Json, other: Json) => one - other));
    });

    row('8/post-event-folded', async () => {
      const run_id = fresh('run');
      const dataOf = async (more: object) => {
        const { body } = await api().post('/v1/events', { run_id, type: 'note', ...more });
        return (await api().get(`/v1/runs/${run_id}`)).body.events.find(({ id }: Json) => id === body.event_id).data;
      };
      expect(await dataOf({ model: 'm', nested: { deep: null }, gone: null })).toEqual({
        model: 'm',
        nested: { deep: null },
      });
      expect(await dataOf({ data: { a: 1 }, a: 2, size: 3 })).toEqual({ a: 1, size: 3 });
      expect(await dataOf({ data: null, source: 'system', id: 7 })).toEqual({ source: 'system', id: 7 });
    });

    row('8/post-event-refused', async () => {
      const run_id = fresh('run');
      const statusOf = async (body: object) =>
        (await api().post('/v1/events', { run_id, type: 'note', ...body })).status;
      for (const body of [
        { run_id: '' },
        { type: '' },
        { run_id: null },
        { type: null },
        { type: 'x'.repeat(257) },
        { step: 'x'.repeat(257) },
        { req_id: 'x'.repeat(257) },
        { message: 'x'.repeat(2_049) },
        { ts: 'yesterday' },
        { ts: -1 },
        { duration_ms: -1 },
        { agent_id: 'a/b' },
        { data: 'text' },
        { data: [1] },
      ]) {
        expect([body, await statusOf(body)]).toEqual([body, 422]);
      }
      expect(await statusOf({ blob: 'x'.repeat(16_384) })).toBe(413);
      expect((await api().get(`/v1/runs/${run_id}`)).body.total).toBe(0);
      expect(await statusOf({ type: 'é'.repeat(256), message: 'é'.repeat(2_048), blob: 'x'.repeat(11_000) })).toBe(200);
      expect((await api().get(`/v1/runs/${run_id}`)).body.total).toBe(1);
    });

    row('8/post-event-once', async () => {
      const run_id = fresh('run');
      const note = { run_id, type: 'paid', req_id: 'r-1' };
      const answers = await Promise.all(Array.from({ length: 8 }, () => api().post('/v1/events', note)));
      answers.push(await api().post('/v1/events', { ...note, message: 'said otherwise' }));
      expect(new Set(answers.map(({ body }) => body.event_id)).size).toBe(1);
      const others = [
        await api().post('/v1/events', { ...note, type: 'refunded' }),
        await api().post('/v1/events', { ...note, req_id: 'r-2' }),
        await api().post('/v1/events', { ...note, run_id: fresh('run') }),
      ];
      expect(new Set([...answers, ...others].map(({ body }) => body.event_id)).size).toBe(4);
      const { total, events } = (await api().get(`/v1/runs/${run_id}`)).body;
      expect([total, events.map(({ type }: Json) => type).sort()]).toEqual([3, ['paid', 'paid', 'refunded']]);
    });

    row('0/repeat-event', async () => {
      const run_id = fresh('run');
      const key = fresh('key');
      const post = (body: object, header?: string) =>
        api().post(
          '/v1/events',
          { run_id, type: 'note', ...body },
          header === undefined ? {} : { 'idempotency-key': header },
        );
      const [first, again] = [await post({ a: 1 }, key), await post({ a: 1 }, `"${key}"`)];
      expect(again.body).toEqual(first.body);
      expect(await post({ a: 2 }, key)).toMatchObject({
        status: 409,
        body: { detail: { error: 'idempotency_key_reused' } },
      });
      const each = [await post({ a: 1 }), await post({ a: 1 })];
      expect(new Set([first, ...each].map(({ body }) => body.event_id)).size).toBe(3);
      expect((await api().get(`/v1/runs/${run_id}`)).body.total).toBe(3);
    });

    row('8/post-event-nowhere-else', async () => {
      const mine = await tenant();
      const call = await pair(mine);
      await mine.run({ ...call, run_id: 'r' });
      const read = async () =>
        Promise.all(
          ['events', 'events?after=0', 'calls', `agents/${call.agent_id}/logs`, `agents/${call.agent_id}/metrics`].map(
            async (path) => (await mine.get(`/v1/${path}`)).body,
          ),
        );
      const before = await read();
      const note = { run_id: 'r', agent_id: call.agent_id, tool: call.tool };
      for (const type of ['tool_executed', 'run_finished', 'run_started']) {
        await mine.post('/v1/events', { ...note, type, status: 'failed', data: { spend_usd: 9 } });
      }
      expect((await mine.get('/v1/runs/r')).body.events.filter(({ source }: Json) => source === 'client')).toHaveLength(
        3,
      );
      expect(await read()).toEqual(before);
    });

    row('8/post-event-agents', async () => {
      const run_id = fresh('run');
      const [one, other] = [fresh('agent'), fresh('agent')];
      const [sole, two, star] = [await keyFor(api(), one), await keyFor(api(), one, other), await keyFor(api(), '*')];
      const post = async (of: Api, agent_id?: string) =>
        (await of.post('/v1/events', { run_id, type: 'note', agent_id })).status;
      expect([await post(sole), await post(sole, one), await post(sole, other)]).toEqual([200, 200, 403]);
      expect([await post(two), await post(two, other), await post(star)]).toEqual([422, 200, 200]);
      const seenBy = async (of: Api) => (await of.get(`/v1/runs/${run_id}`)).body.total;
      expect([await seenBy(sole), await seenBy(two), await seenBy(star), await seenBy(api())]).toEqual([2, 3, 4, 4]);
    });
  });
});
