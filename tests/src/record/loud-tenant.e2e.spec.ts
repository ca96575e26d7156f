import { eventually, Installation, newTenant, type Api, type Behaviour } from '../harness/index.js';

/** Places at one tool that an installation has by default. */
const AT_ONE_TOOL = 64;
const HANGING = 320;

/** G7 and rule 13: a tool that hangs, and the tenant that calls it, stop nobody else. */
describe('a tenant whose tool hangs', () => {
  let tollgate: Installation;
  let loud: Api;
  let quiet: Api;
  let release: () => void = () => undefined;
  beforeAll(async () => {
    tollgate = await Installation.start();
    loud = (await newTenant(tollgate, 'loud')).api;
    quiet = (await newTenant(tollgate, 'quiet')).api;
    const released = new Promise<void>((resolve) => (release = resolve));
    tollgate.tool.on('hangs', hangUntil(released));
    for (const name of ['hangs', 'other']) await tollgate.register(name, { timeout_ms: 60_000 }, loud);
    await tollgate.register('mine', {}, quiet);
  }, 60_000);
  afterAll(() => tollgate.stop(), 30_000);

  it(`${HANGING} of its calls hang; all calls of another tenant, and its own to other tools, complete meanwhile`, async () => {
    let ended = 0;
    const hanging = Array.from({ length: HANGING }, async (_, n) => {
      const { body } = await loud.run({ agent_id: 'a1', tool: 'hangs', args: { n } });
      ended += 1;
      return body.decision as string;
    });
    const all = Promise.all(hanging);
    const atTheTool = (): number => tollgate.tool.at('hangs').length;
    await eventually('every place at the tool is taken', () => atTheTool() >= AT_ONE_TOOL);

    expect(await decisions(quiet, 'mine', 200)).toEqual({ executed: 200 });
    expect(await decisions(loud, 'other', 50)).toEqual({ executed: 50 });
    // All that while nothing of the hanging tool moved, and no more of it ran than it has places.
    expect([ended, atTheTool()]).toEqual([0, AT_ONE_TOOL]);

    release();
    expect(counted(await all)).toEqual({ executed: HANGING });
    expect(atTheTool()).toBe(HANGING);
  }, 60_000);

  it('takes in no more than its share: what is over it is turned away, and others still get in', async () => {
    const bounded = await tollgate.startProcess('gateway', { TOLLGATE_MAX_IN_FLIGHT_PER_TENANT: '20' });
    const released = new Promise<void>((resolve) => (release = resolve));
    tollgate.tool.on('hangs', hangUntil(released));
    const base = tollgate.apiOf(bounded);
    const held = Array.from({ length: 20 }, (_, n) =>
      base.as(loud.key).run({ agent_id: 'a2', tool: 'hangs', args: { n } }),
    );
    await eventually('its share is under way', () => tollgate.tool.at('hangs').length === HANGING + 20);
    const over = await base.as(loud.key).run({ agent_id: 'a2', tool: 'other' });
    expect(over).toMatchObject({ status: 503, body: { detail: { error: 'unavailable' } } });
    expect(over.body.detail.call_id).toBeUndefined();
    expect(await decisions(base.as(quiet.key), 'mine', 20, 'second')).toEqual({ executed: 20 });
    release();
    expect(counted((await Promise.all(held)).map(({ body }) => body.decision as string))).toEqual({ executed: 20 });
  }, 60_000);
});

const hangUntil =
  (released: Promise<void>): Behaviour =>
  async (_received, response) => {
    await released;
    response.writeHead(200).end('{}');
  };

/** How so many different calls at once end. */
async function decisions(
  api: Api,
  tool: string,
  count: number,
  round = 'first',
): Promise<Readonly<Record<string, number>>> {
  const calls = Array.from({ length: count }, (_, n) => api.run({ agent_id: 'a1', tool, args: { n, round } }));
  return counted((await Promise.all(calls)).map(({ body }) => body.decision as string));
}

function counted(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const one of words) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
