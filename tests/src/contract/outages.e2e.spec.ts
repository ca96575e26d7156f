import type { PrivateServer } from '@tollgate/infra/servers';
import { openDatabase } from '@tollgate/store';
import { answer, eventually, freeze, hang, type Answer } from '../harness/index.js';
import { fresh, installed } from './installed.js';
import type { Json } from './json.js';
import { row } from './row.js';

const CALL_DEADLINE_MS = 5_000;
const IN_FLIGHT = 3;
const SLOW_MS = 60_000;
/** A tool that may take its time. */
const HELD = { timeout_ms: SLOW_MS };

describe('the contract while something is broken', () => {
  const tollgate = installed({
    layout: 'each',
    env: { TOLLGATE_CALL_DEADLINE_MS: String(CALL_DEADLINE_MS), TOLLGATE_MAX_IN_FLIGHT_PER_TENANT: String(IN_FLIGHT) },
  });
  const api = () => tollgate().api;
  const process = (kind: string) => tollgate().processes.find((one) => one.kind === kind && !one.hasExited)!;
  const atTool = (tool: string) => tollgate().tool.at(tool);

  async function pair(tool: object = {}) {
    const call = { agent_id: fresh('agent'), tool: fresh('tool') };
    // A gateway whose broker has hung a moment ago may still find that its connection is no good.
    await eventually('the tool is registered', () =>
      tollgate()
        .register(call.tool, { ...tool })
        .then(
          () => true,
          () => false,
        ),
    );
    return call;
  }
  /** Runs the test while a tool holds as many calls as a tenant may have under way. */
  async function whileOverloaded(call: { agent_id: string; tool: string }, test: () => Promise<void>): Promise<void> {
    const gate = Promise.withResolvers<void>();
    tollgate().tool.on(call.tool, async (received, response) => {
      await gate.promise;
      await answer(200)(received, response);
    });
    const waiting = Array.from({ length: IN_FLIGHT }, (_, n) => api().run({ ...call, args: { n } }));
    try {
      await eventually('the tool is busy', () => atTool(call.tool).length === IN_FLIGHT);
      await test();
    } finally {
      gate.resolve();
      await Promise.all(waiting);
    }
  }
  /** The error of a 503: closed, and it says when to come back. */
  function expectUnavailable({ status, headers, body }: Answer): void {
    expect([status, body.detail]).toMatchObject([503, { error: 'unavailable', message: expect.any(String) }]);
    expect(headers.get('retry-after')).toMatch(/^([1-9]|[12]\d|30)$/);
  }
  /** What elsewhere were a 503: clients of check-lock would read it as "go ahead". */
  function expectRateLimited({ status, headers, body }: Answer): void {
    expect([status, body.detail]).toEqual([429, { error: 'rate_limited', message: expect.any(String) }]);
    expect(headers.get('retry-after')).toMatch(/^([1-9]|[12]\d|30)$/);
  }
  const missing = async (): Promise<string[]> => (await api().as(undefined).get('/readyz')).body.missing ?? [];
  /** Runs the test while a server hangs, and waits until nothing is missed any more. */
  async function whileFrozen(server: PrivateServer, test: () => Promise<void>): Promise<void> {
    const thaw = freeze(server);
    try {
      await test();
    } finally {
      thaw();
      await eventually('nothing is missed', async () => (await missing()).length === 0);
    }
  }

  row('0/500', async () => {
    const database = openDatabase(tollgate().postgres.url, { name: 'contract', connections: 1, timeoutMs: 5_000 });
    await eventually('there are tables', async () => (await api().get('/v1/calls')).status === 200);
    const rename = (from: string, to: string) => database.schema.alterTable('calls').renameColumn(from, to).execute();
    try {
      // A query of ours that the database does not understand is a bug, and no more than its request's id is told.
      await rename('in_doubt', 'gone');
      const { status, body } = await api().get('/v1/calls?status=in_doubt', { headers: { 'x-request-id': 'mine' } });
      expect([status, body]).toEqual([500, { detail: { error: 'internal', message: 'mine' } }]);
    } finally {
      await rename('gone', 'in_doubt');
      await database.destroy();
    }
  });

  row('0/503-overload', async () => {
    const call = await pair(HELD);
    await whileOverloaded(call, async () => {
      const refused = await api().run({ ...call, args: { n: 'one more' } });
      expectUnavailable(refused);
      expect(refused.body.detail).not.toHaveProperty('call_id');
    });
    expect((await api().run(await pair())).body.decision).toBe('executed');
    expect(atTool(call.tool)).toHaveLength(IN_FLIGHT);
  });

  row('1/overload-429', async () => {
    const key = fresh('key');
    await whileOverloaded(await pair(HELD), async () => {
      expectRateLimited(await api().post('/v1/check-lock', { key }));
      // A lease has no such client, and is closed like everything else.
      expectUnavailable(await api().post('/v1/ai/lease', { key }));
    });
    // Nothing has happened to the key.
    expect((await api().post('/v1/check-lock', { key })).body.status).toBe('locked');
  });

  row('0/503-call-id', async () => {
    const call = await pair();
    // The ack of CALLS is lost on its way: the call is there and runs, and the client must be told that it may.
    const gateway = await tollgate().startProcess('gateway', { TOLLGATE_FAULTS: 'gateway.call-accepted=throw' });
    const answer = await tollgate().apiOf(gateway).run(call);
    expectUnavailable(answer);
    const { call_id } = answer.body.detail;
    expect(call_id).toMatch(/^call_/);
    const repeat = (await api().run(call)).body;
    expect(repeat).toMatchObject({ decision: 'dedup', original_call_id: call_id });
    expect(atTool(call.tool)).toHaveLength(1);
    await gateway.stop();
  });

  row('2/503-repeat', async () => {
    const header = { 'idempotency-key': fresh('again') };
    const key = fresh('key');
    const gateway = await tollgate().startProcess('gateway', { TOLLGATE_FAULTS: 'gateway.call-accepted=throw' });
    for (const [path, status] of [
      ['/v1/check-lock', 'locked'],
      ['/v1/ai/lease', 'acquired'],
    ] as const) {
      const lost = await tollgate().apiOf(gateway).post(path, { key, ttl: 600 }, header);
      expectUnavailable(lost);
      expect((await api().post(path, { key, ttl: 600 }, header)).body).toMatchObject({ status });
      // It was there: without the key of its holder it is somebody else's.
      expect((await api().post(path, { key, ttl: 600 })).body.status).toMatch(/^(duplicate|polling)$/);
    }
    await gateway.stop();
  });

  row(
    '3.1/dry-run-503',
    async () => {
      const call = await pair();
      const dry = (more: object = {}) => api().run({ ...call, dry_run: true, ...more });
      await process('budget').kill();
      const refused = await dry();
      expectUnavailable(refused);
      expect(refused.body.detail).not.toHaveProperty('call_id');
      // Who has an owner still answers.
      expect((await dry({ tool: 'nobody' })).status).toBe(404);
      await tollgate().startProcess('budget');
      await eventually('it is taken over', async () => (await dry()).body.decision === 'dry_run');
      await whileFrozen(tollgate().nats, async () => {
        expectUnavailable(await dry());
      });
      expect(atTool(call.tool)).toHaveLength(0);
    },
    SLOW_MS,
  );

  row('8/lag', async () => {
    const call = await pair();
    const before = (await api().run({ ...call, args: { n: 1 } })).body;
    await api().get(`/v1/calls/${before.call_id}`);
    const audit = process('audit');
    audit.signal('SIGSTOP');
    try {
      await api().run({ ...call, args: { n: 2 } });
      const began = Date.now();
      const { status, headers, body } = await api().get(`/v1/agents/${call.agent_id}/logs`);
      expect(Date.now() - began).toBeGreaterThanOrEqual(1_900);
      expect([status, body.map(({ call_id }: Json) => call_id)]).toEqual([200, [before.call_id]]);
      expect(headers.get('x-tollgate-lag')).toMatch(/^[1-9]\d*$/);
    } finally {
      audit.signal('SIGCONT');
    }
    await eventually(
      'the projector has caught up',
      async () => (await api().get('/v1/calls')).headers.get('x-tollgate-lag') === null,
    );
    expect((await api().get(`/v1/agents/${call.agent_id}/logs`)).body).toHaveLength(2);
  });

  row(
    '8/status-503',
    async () => {
      const ask = (verb: string, body: object) => api().post(`/v1/ai/${verb}`, body);
      const held = async () => {
        const key = fresh('key');
        return { key, lease_id: (await ask('lease', { key, ttl: 600 })).body.lease_id };
      };
      const readsOf = ({ key }: { key: string }) =>
        [`/v1/ai/status?key=${key}`, `/v1/ai/result?key=${key}`, '/v1/usage', '/v1/usage/all'] as const;
      const [one, other] = [await held(), await held()];
      for (const path of readsOf(one))
        await eventually(`${path} is answered`, async () => (await api().get(path)).status === 200);
      await whileFrozen(tollgate().redis, async () => {
        for (const path of readsOf(one)) expectUnavailable(await api().get(path));
        // What the lease stage decides needs no Redis.
        expect((await ask('complete', { ...one, result: { n: 1 } })).body.status).toBe('completed');
        expect((await ask('lease', { key: one.key })).body).toMatchObject({ status: 'completed', result: { n: 1 } });
        expect((await api().post('/v1/check-lock', { key: fresh('key') })).body.status).toBe('locked');
      });
      const audit = process('audit');
      audit.signal('SIGSTOP');
      try {
        await ask('fail', { ...other, error_code: 'boom' });
        for (const path of readsOf(other)) expectUnavailable(await api().get(path));
      } finally {
        audit.signal('SIGCONT');
      }
      for (const path of readsOf(other))
        await eventually(`${path} is answered`, async () => (await api().get(path)).status === 200);
      expect((await api().get(readsOf(other)[0])).body).toMatchObject({ status: 'failed', error_code: 'boom' });
    },
    SLOW_MS,
  );

  row(
    '0/503-store',
    async () => {
      const { postgres } = tollgate();
      const call = await pair();
      await whileFrozen(postgres, async () => {
        for (const path of [
          '/v1/calls',
          '/v1/calls/call_x',
          '/v1/runs',
          '/v1/runs/x',
          '/v1/agents/a/logs',
          '/v1/agents/a/metrics',
          '/v1/events',
          '/v1/events?after=0',
        ])
          expectUnavailable(await api().get(path));
        // What is not read from there goes on.
        expect((await api().run(call)).body.decision).toBe('executed');
        expect((await api().get('/v1/tools')).status).toBe(200);
      });
    },
    SLOW_MS,
  );

  row(
    '8/post-event-alone',
    async () => {
      const note = { run_id: fresh('run'), type: 'paid', req_id: 'r' };
      const audit = process('audit');
      audit.signal('SIGSTOP');
      const posted: Json[] = [];
      try {
        await whileFrozen(tollgate().postgres, async () => {
          for (const one of [note, note, { ...note, req_id: undefined }]) {
            const { status, body } = await api().post('/v1/events', one);
            expect(status).toBe(200);
            posted.push(body.event_id);
          }
        });
      } finally {
        audit.signal('SIGCONT');
      }
      expect(posted[1]).toBe(posted[0]);
      const ids = async () => (await api().get(`/v1/runs/${note.run_id}`)).body.events?.map(({ id }: Json) => id);
      await eventually('both are on the timeline', async () => (await ids())?.length === 2);
      expect(await ids()).toEqual([posted[0], posted[2]]);
      expect((await api().post('/v1/events', note)).body.event_id).toBe(posted[0]);
    },
    SLOW_MS,
  );

  row(
    '8/readyz',
    async () => {
      const { nats, redis, postgres } = tollgate();
      for (const [name, server, status] of [
        ['redis', redis, 200],
        ['postgres', postgres, 200],
        ['nats', nats, 503],
      ] as const) {
        await whileFrozen(server, async () => {
          await eventually(`${name} is missed`, async () => (await missing()).includes(name), 3_000);
          const answer = await api().as(undefined).get('/readyz');
          expect([name, answer.status, answer.body]).toMatchObject([
            name,
            status,
            { missing: [name], degraded: name !== 'nats' },
          ]);
        });
      }
    },
    SLOW_MS,
  );

  row(
    '8/lag-without-bus',
    async () => {
      const call = await pair();
      const { call_id } = (await api().run(call)).body;
      expect((await api().get(`/v1/calls/${call_id}`)).status).toBe(200);
      await whileFrozen(tollgate().nats, async () => {
        await eventually('NATS is missed', async () => (await missing()).includes('nats'));
        const { status, headers, body } = await api().get(`/v1/calls?agent_id=${call.agent_id}`);
        expect([status, body]).toMatchObject([200, [{ call_id }]]);
        expect(headers.get('x-tollgate-lag')).toMatch(/^\d+$/);
      });
    },
    SLOW_MS,
  );

  row(
    '0/503-bus',
    async () => {
      const call = await pair();
      const { nats } = tollgate();
      await whileFrozen(nats, async () => {
        await eventually('NATS is missed', async () => (await missing()).includes('nats'));
        const answers = [
          await api().run(call),
          await api().post('/v1/policies/a', {}),
          await api().get('/v1/tools'),
          await api().as('tg_live_unknown').get('/v1/tools'),
          await api().delete('/v1/keys/key_x'),
        ];
        answers.forEach(expectUnavailable);
      });
      await eventually(
        'calls run again',
        async () => (await api().run({ ...call, args: { n: 2 } })).body.decision === 'executed',
      );
    },
    SLOW_MS,
  );

  row(
    '1/outage-429',
    async () => {
      const gateway = await tollgate().startProcess('gateway', { TOLLGATE_CHECK_LOCK_OUTAGE: '429' });
      const key = fresh('key');
      await whileFrozen(tollgate().nats, async () => {
        await eventually('NATS is missed', async () => (await missing()).includes('nats'));
        expectUnavailable(await api().post('/v1/check-lock', { key }));
        expectRateLimited(await tollgate().apiOf(gateway).post('/v1/check-lock', { key }));
        expectUnavailable(await tollgate().apiOf(gateway).post('/v1/ai/lease', { key }));
      });
      await gateway.stop();
    },
    SLOW_MS,
  );

  row(
    '6/unknown-crash',
    async () => {
      const call = await pair({ timeout_ms: 250 });
      tollgate().tool.on(call.tool, hang);
      const answered = api().run(call);
      await eventually('the request is at the tool', () => atTool(call.tool).length === 1);
      await process('dispatcher').kill();
      await tollgate().startProcess('dispatcher');
      expect((await answered).body).toMatchObject({
        ok: false,
        allowed: true,
        decision: 'failed',
        policy_reason: 'outcome_unknown',
        result: { error: 'connection_lost', status: null },
      });
      expect(atTool(call.tool)).toHaveLength(1);
    },
    SLOW_MS,
  );

  row(
    '3.1/internal-error',
    async () => {
      await process('dispatcher').stop();
      const broken = await tollgate().startProcess('dispatcher', { TOLLGATE_FAULTS: 'dispatch.before-send=throw' });
      const call = await pair();
      expect((await api().run({ ...call, spend_usd: 1 })).body).toMatchObject({
        ok: false,
        allowed: true,
        decision: 'failed',
        policy_reason: 'tool_error',
        result: { error: 'internal_error', status: null },
        spend_usd: 0,
      });
      expect(atTool(call.tool)).toHaveLength(0);
      await broken.stop();
      await tollgate().startProcess('dispatcher');
      expect((await api().run(call)).body.decision).toBe('executed');
    },
    SLOW_MS,
  );
});
