import { freePort } from '@tollgate/infra/servers';
import { SERVICE_NAMES } from '@tollgate/runtime';
import { Api, eventually, freeze, Installation, type Answer } from '../harness/index.js';

const NAMED_WITHIN_MS = 2_000;

/** G8: what is out of reach is said, and only what it serves does not work. */
describe('with a server that is stopped', () => {
  let tollgate: Installation;
  let n = 0;
  beforeAll(async () => {
    tollgate = await Installation.start();
    await tollgate.register('echo');
    await run(0);
  }, 60_000);
  afterAll(() => tollgate.stop(), 30_000);

  const run = (args: number): Promise<Answer> => tollgate.api.run({ agent_id: 'a1', tool: 'echo', args: { args } });
  const ready = (): Promise<Answer> => tollgate.api.as(undefined).get('/readyz');
  const reached = (args: number): number =>
    tollgate.tool.at('echo').filter(({ body }) => (body.args as { args: number }).args === args).length;

  /** Runs `during` once readiness names the stopped server; afterwards all is well again. */
  async function stopped(name: 'nats' | 'redis' | 'postgres', during: (said: Answer) => Promise<void>): Promise<void> {
    const thaw = freeze(tollgate[name]);
    try {
      const since = Date.now();
      let said = await ready();
      while (!missing(said).includes(name) && Date.now() - since < 2 * NAMED_WITHIN_MS) said = await ready();
      expect(missing(said)).toContain(name);
      expect(Date.now() - since).toBeLessThan(NAMED_WITHIN_MS);
      await during(said);
    } finally {
      thaw();
    }
    await eventually(`${name} is back`, async () => missing(await ready()).length === 0, 20_000);
    expect(await ready()).toMatchObject({ status: 200, body: { ready: true, degraded: false, missing: [] } });
  }

  it('Redis: ready and degraded, calls run and repeats are dedup', async () => {
    await stopped('redis', async (said) => {
      expect(said).toMatchObject({ status: 200, body: { ready: true, degraded: true, missing: ['redis'] } });
      const args = (n += 1);
      expect((await run(args)).body).toMatchObject({ decision: 'executed' });
      expect((await run(args)).body).toMatchObject({ decision: 'dedup' });
      expect(reached(args)).toBe(1);
    });
  }, 60_000);

  it('Postgres: ready and degraded, calls run, and the record is 503 until it is back with everything in it', async () => {
    const calls: string[] = [];
    await stopped('postgres', async (said) => {
      expect(said).toMatchObject({ status: 200, body: { ready: true, degraded: true, missing: ['postgres'] } });
      const args = (n += 1);
      const executed = await run(args);
      expect(executed.body).toMatchObject({ decision: 'executed' });
      const repeated = await run(args);
      expect(repeated.body).toMatchObject({ decision: 'dedup' });
      calls.push(executed.body.call_id as string, repeated.body.call_id as string);
      const read = await tollgate.api.get('/v1/agents/a1/logs');
      expect(read.status).toBe(503);
      expect(read.body).toMatchObject({ detail: { error: 'unavailable' } });
      expectRetryAfter(read);
    });
    await eventually('the record has caught up', async () => {
      const { body } = await tollgate.api.get('/v1/agents/a1/logs');
      const logged = (body as { call_id: string }[]).map(({ call_id }) => call_id);
      return calls.every((callId) => logged.includes(callId));
    });
  }, 60_000);

  it('NATS: not ready, calls are 503, and what may run all the same says so', async () => {
    const refused: { readonly args: number; readonly callId: string | undefined }[] = [];
    await stopped('nats', async (said) => {
      expect(said).toMatchObject({ status: 503, body: { ready: false, missing: expect.arrayContaining(['nats']) } });
      const attempts = [1, 2, 3].map(async () => {
        const args = (n += 1);
        const answered = await run(args);
        expect(answered).toMatchObject({ status: 503, body: { detail: { error: 'unavailable' } } });
        expectRetryAfter(answered);
        refused.push({ args, callId: answered.body.detail.call_id as string | undefined });
      });
      await Promise.all(attempts);
      expect(refused).toHaveLength(3);
    });
    for (const { args, callId } of refused) {
      // The repeat that a client is told to make; what was accepted meanwhile has been executed by then, or is joined.
      expect(['executed', 'dedup']).toContain((await run(args)).body.decision);
      expect(reached(args)).toBe(1);
      const record = (await tollgate.api.get('/v1/agents/a1/logs')).body as { call_id: string; args_hash: string }[];
      const [latest] = record;
      const ofThese = record.filter(({ args_hash }) => args_hash === latest?.args_hash).map(({ call_id }) => call_id);
      expect(ofThese.filter((id) => id !== latest?.call_id && id !== callId)).toEqual([]);
    }
  }, 60_000);
});

/** As containers are asked: each process on a health port of its own. */
describe('each of six processes', () => {
  let tollgate: Installation;
  const processes: { readonly kind: string; readonly api: Api }[] = [];
  beforeAll(async () => {
    tollgate = await Installation.start({ bare: true });
    await Promise.all(SERVICE_NAMES.map((kind) => startWithHealth(kind)));
    await tollgate.ready();
  }, 60_000);
  afterAll(() => tollgate.stop(), 30_000);

  async function startWithHealth(kind: (typeof SERVICE_NAMES)[number]): Promise<void> {
    const port = await freePort();
    await tollgate.startProcess(kind, { TOLLGATE_HEALTH_PORT: String(port) });
    processes.push({ kind, api: new Api(`http://127.0.0.1:${port}`, undefined) });
  }

  const ALL = [...SERVICE_NAMES];
  it.each([
    { name: 'nats', concerns: ALL, ready: false },
    { name: 'redis', concerns: ['gateway', 'audit'], ready: true },
    { name: 'postgres', concerns: ['gateway', 'audit'], ready: true },
  ] as const)(
    'names $name within 2 s if it needs it, also when only the first process of the server is stopped',
    async ({ name, concerns, ready }) => {
      const names = async ({ api }: { readonly api: Api }): Promise<boolean> => {
        const answer = await api.get('/readyz');
        expect(answer.status).toBe((answer.body as { ready: boolean }).ready ? 200 : 503);
        const named = missing(answer).includes(name);
        if (named) expect(answer.body).toMatchObject({ ready, degraded: ready });
        return named;
      };
      const concerned = processes.filter(({ kind }) => (concerns as readonly string[]).includes(kind));
      const others = processes.filter((one) => !concerned.includes(one));
      tollgate[name].process.kill('SIGSTOP');
      try {
        const named = concerned.map((one) =>
          eventually(`${one.kind} names ${name}`, () => names(one), NAMED_WITHIN_MS),
        );
        await Promise.all(named);
        expect(await Promise.all(others.map(names))).toEqual(others.map(() => false));
      } finally {
        tollgate[name].process.kill('SIGCONT');
      }
      const well = concerned.map((one) =>
        eventually(`${one.kind} has ${name}`, async () => !(await names(one)), 20_000),
      );
      await Promise.all(well);
    },
    60_000,
  );
});

const missing = ({ body }: Answer): readonly string[] => (body as { missing: readonly string[] }).missing;

function expectRetryAfter({ headers }: Answer): void {
  const seconds = Number(headers.get('retry-after'));
  expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 30).toBe(true);
}
