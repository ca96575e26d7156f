import { eventually, Installation, type Api, type ServiceProcess } from '../harness/index.js';
import { Load } from './load.js';

interface Listed {
  readonly id: number;
  readonly type: string;
  readonly req_id: string;
}

/** What is decided is journaled so much later, by each stage differently: ids of different journals become visible in any order. */
const DELAYS = { policy: 400, lease: 150, budget: 250, dispatcher: 50 } as const;
const CLIENTS = 6;
const AGENT = 'followed';

/** Rule 16: whoever follows events in the order of their ids misses none, whatever stage journals late, dies or stands still. */
describe('a follower of events', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    tollgate = await Installation.start({ bare: true, env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '15000' } });
    const stages = Object.entries(DELAYS) as [keyof typeof DELAYS, number][];
    await Promise.all([
      ...stages.map(([kind, ms]) => {
        const point = kind === 'dispatcher' ? 'dispatch' : kind;
        return tollgate.startProcess(kind, { TOLLGATE_FAULTS: `${point}.before-append=delay${ms}` });
      }),
      tollgate.startProcess('gateway'),
      tollgate.startProcess('audit'),
    ]);
    await tollgate.ready();
    // Takes over where one of them dies.
    await tollgate.startProcess('all');
    await tollgate.register('search');
    await tollgate.policy(AGENT, { blocked_tools: ['wipe'], max_calls_per_tool: { paid: 3 } });
    await tollgate.register('paid');
  });
  afterAll(() => tollgate.stop());

  it('sees every one of them once, in order, under load and takeover', async () => {
    const follower = follow(tollgate.api);
    const load = Load.start(CLIENTS, (n) => tollgate.api.run(callOf(n)));
    const reaches = (calls: number) => eventually(`${calls} calls`, () => load.answered >= calls, 40_000);
    await reaches(60);
    const [policy, lease] = [owner('policy'), owner('lease')];
    await policy.kill();
    await eventually('policy has a new owner', () => tollgate.owners('policy').length === 1);
    await reaches(100);
    // It does not know that somebody has taken over when it goes on.
    lease.signal('SIGSTOP');
    await eventually('lease has another owner', () => tollgate.owners('lease').length === 2);
    await reaches(130);
    lease.signal('SIGCONT');
    await reaches(160);
    await load.stop();
    const all = await everything(tollgate.api);
    const seen = await follower.upTo(all.at(-1)?.id ?? 0);
    expect(seen).toEqual(all);
    expect([...new Set(all.map(({ type }) => type))].sort()).toEqual(['tool_blocked', 'tool_dedup', 'tool_executed']);
    expect(all.length).toBeGreaterThanOrEqual(160);
  }, 120_000);

  const owner = (kind: keyof typeof DELAYS): ServiceProcess => {
    const found = tollgate.owners(kind).find((one) => one.kind === kind);
    if (found === undefined) throw new Error(`${kind} is not owned by its own process`);
    return found;
  };
});

/** Blocked by policy, repeated in the lease stage, refused by a cap, or executed: endings of all four journals. */
function callOf(n: number): Record<string, unknown> {
  const call = { agent_id: AGENT, tool: 'search', args: { n } };
  if (n % 4 === 1) return { ...call, tool: 'wipe' };
  if (n % 4 === 2) return { ...call, args: { n: 'same' } };
  return n % 4 === 3 ? { ...call, tool: 'paid' } : call;
}

/** Polls as fast as it is answered, each time behind the last event that it has seen. */
function follow(api: Api): { upTo(id: number): Promise<readonly Listed[]> } {
  const seen: Listed[] = [];
  let until: number | undefined;
  const done = (async () => {
    while (until === undefined || (seen.at(-1)?.id ?? 0) < until) {
      const { status, body } = await api.get(`/v1/events?after=${seen.at(-1)?.id ?? 0}&limit=20`);
      if (status === 200) seen.push(...(body as Listed[]));
    }
    return seen;
  })();
  return {
    upTo: (id) => {
      until = id;
      return done;
    },
  };
}

async function everything(api: Api): Promise<Listed[]> {
  const all: Listed[] = [];
  for (;;) {
    const { body } = await api.get(`/v1/events?limit=500&offset=${all.length}`);
    all.push(...(body as Listed[]));
    if ((body as Listed[]).length < 500) return all.reverse();
  }
}
