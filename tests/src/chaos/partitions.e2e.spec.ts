import { partitionOf } from '@tollgate/events';
import { eventually, Installation, newTenant, type Api, type ServiceProcess } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { Load } from './load.js';

const PARTITIONS = 3;
const STAGES = ['policy', 'lease', 'budget', 'dispatcher'] as const;

/** Each tenant lives in one partition; processes share the partitions, and stand by for each other. */
describe('an installation of three partitions', () => {
  let tollgate: Installation;
  beforeAll(async () => {
    const env = { LOG_LEVEL: 'warn', TOLLGATE_PARTITIONS: String(PARTITIONS), TOLLGATE_WAIT_LIMIT_MS: '20000' };
    tollgate = await Installation.start({ bare: true, env });
    await Promise.all([tollgate.startProcess('all'), tollgate.startProcess('all')]);
    await everythingOwned();
  });
  afterAll(() => tollgate.stop());

  const ownedBy = (one: ServiceProcess): number => STAGES.flatMap((stage) => one.owns(stage)).length;
  const everythingOwned = (): Promise<void> =>
    eventually('every partition of every stage has one owner', () =>
      STAGES.every((stage) => [0, 1, 2].every((partition) => tollgate.owners(stage, partition).length === 1)),
    );

  it('keeps each tenant in its own, and loses nothing when the process that owns most of them is killed', async () => {
    const tenants = await tenantOfEachPartition();
    const loads = tenants.map(({ id, key }) => callsOf(id, key));
    await eventually('every tenant is served', () => loads.every(({ answered }) => answered >= 20));
    const [victim] = tollgate.processes.toSorted((one, other) => ownedBy(other) - ownedBy(one));
    await victim?.kill();
    await everythingOwned();
    const before = loads.map(({ answered }) => answered);
    await eventually('every tenant is served again', () =>
      loads.every(({ answered }, n) => answered >= before[n]! + 20),
    );
    const wishes = (await Promise.all(loads.map((load) => load.stop()))).flat();

    expect(wishes.filter(({ last }) => last?.status !== 200)).toEqual([]);
    const ledger = await expectEachCallEndedOnce(
      tollgate,
      wishes.flatMap(({ answers }) => answers),
      PARTITIONS,
    );
    expectNothingDoneTwice(tollgate.tool.received);
    for (const partition of [0, 1, 2]) {
      const inIt = new Set(ledger.events('dispatch', partition).map(({ tenant }) => tenant));
      expect([...inIt].filter((tenant) => tenant !== '-')).toEqual([tenants[partition]!.id]);
    }
  });

  /** Tenants by partition, made as an operator makes them, until each has one. */
  async function tenantOfEachPartition(): Promise<readonly { id: string; key: string }[]> {
    const found = new Map<number, { id: string; key: string }>();
    for (let n = 0; found.size < PARTITIONS; n++) {
      const { id, api } = await newTenant(tollgate, `tenant ${n}`);
      const partition = partitionOf(id, PARTITIONS);
      if (found.has(partition)) continue;
      found.set(partition, { id, key: api.key! });
      await tollgate.register(`tool-${id}`, { timeout_ms: 1_000 }, api);
    }
    return [0, 1, 2].map((partition) => found.get(partition)!);
  }

  /** A load of one tenant, over whatever gateways are running. */
  function callsOf(tenant: string, key: string): Load {
    const apis = (): Api[] => tollgate.gateways.map((gateway) => tollgate.apiOf(gateway).as(key));
    return Load.start(4, async (n) => {
      const all = apis();
      return all[n % all.length]!.run({ agent_id: 'a', tool: `tool-${tenant}`, args: { n } });
    });
  }
});
