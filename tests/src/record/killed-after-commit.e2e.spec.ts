import { Bus } from '@tollgate/journal';
import { openDatabase, type AuditDatabase } from '@tollgate/store';
import { eventually, Installation, ServiceProcess } from '../harness/index.js';
import { eventsOfJournals, rowsOfEvents } from './rows-and-events.js';

const KILLS = 20;
const PAUSE_MS = 20;

/** The projector is killed between its commit and its next read: what is stored is not stored again, nothing is missed. */
describe(`audit killed right after a commit, ${KILLS} times`, () => {
  let tollgate: Installation;
  let database: AuditDatabase;
  let bus: Bus;
  beforeAll(async () => {
    tollgate = await Installation.start({ layout: 'each' });
    database = openDatabase(tollgate.postgres.url, { name: 'test', connections: 1, timeoutMs: 20_000 });
    bus = await Bus.connect(tollgate.nats.url, { name: 'test', reconnect: false });
    await tollgate.register('echo');
  }, 60_000);
  afterAll(async () => {
    await bus.close();
    await database.destroy();
    await tollgate.stop();
  }, 30_000);

  it('leaves exactly the rows of the events in the journals', async () => {
    await tollgate.processes.find(({ kind }) => kind === 'audit')?.kill();
    let killing = true;
    const load = lightLoad(() => killing);
    try {
      for (let kill = 0; kill < KILLS; kill++) await diesAfterCommit(1 + (kill % 3));
    } finally {
      killing = false;
    }
    const calls = await load;
    await tollgate.startProcess('audit');
    await projected();

    const rows = await rowsOfEvents(database);
    expect(rows).toEqual(await eventsOfJournals(bus, 1));
    expect(rows.length).toBeGreaterThan(4 * calls);
    expect(calls).toBeGreaterThan(KILLS);
  }, 180_000);

  /** An audit process that kills itself when it has committed so many times; it need not live until it is ready. */
  async function diesAfterCommit(nth: number): Promise<void> {
    const faults = `audit.postgres.stored:${nth}=kill`;
    const audit = ServiceProcess.spawn('audit', { ...tollgate.env, TOLLGATE_FAULTS: faults });
    tollgate.processes.push(audit);
    await eventually(`audit dies: ${faults}`, () => audit.hasExited, 30_000);
    expect(audit.child.signalCode).toBe('SIGKILL');
  }

  /** Calls one after the other; answers how many there were. */
  async function lightLoad(goesOn: () => boolean): Promise<number> {
    let n = 0;
    for (; goesOn(); n++) {
      const { status } = await tollgate.api.run({ agent_id: 'a1', tool: 'echo', args: { n } });
      expect([n, status]).toEqual([n, 200]);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return n;
  }

  const projected = (): Promise<void> =>
    eventually('the record is complete', async () => {
      const read = await tollgate.api.get('/v1/agents/a1/logs');
      return read.status === 200 && read.headers.get('x-tollgate-lag') === null;
    });
});
