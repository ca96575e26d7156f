import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type PrivateServer } from '@tollgate/infra/servers';
import {
  Bus,
  encodeBatch,
  ensureStreams,
  journalSubject,
  snapshotHeadSubject,
  SNAPSHOTS_STREAM,
} from '@tollgate/journal';
import { createSealer, mintSealingKey } from '@tollgate/sealing';
import { Snapshots, type StageDefinition } from '@tollgate/stage';
import { silent } from '../sim/silent.js';

type State = ReadonlyMap<string, { readonly until: number | undefined }>;
/** More than one message takes. */
const STATE: State = new Map(
  Array.from({ length: 20_000 }, (_, n) => [`key ${n} of a tenant`, { until: n || undefined }]),
);
const CANARY = 'key 77 of a tenant';

describe('the snapshot of a state that is larger than a message', () => {
  let folder: string;
  let nats: PrivateServer;
  let bus: Bus;
  const key = mintSealingKey();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-snapshots-'));
    nats = await startNats(join(folder, 'nats'));
    bus = await Bus.connect(nats.url, { name: 'tests', reconnect: false });
    await ensureStreams(bus, { partitions: 1, replicas: 1 });
  }, 60_000);
  afterAll(async () => {
    await bus.close();
    await nats.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const snapshotsOf = (version = 1, sealingKey = key, diesAt?: string): Snapshots<State> => {
    const keeping = { version, sizeOf: (state: State) => state.size };
    const definition = { name: 'lease', keeping } as StageDefinition<State>;
    const sealer = createSealer({ keys: [sealingKey], mode: 'on' });
    const fault = (point: string) => (point === diesAt ? Promise.reject(new Error('dies here')) : undefined);
    return new Snapshots<State>({ bus, definition, partition: 0, sealer, log: silent, fault });
  };
  const lastHead = async (): Promise<{ parts: number[] }> => {
    const message = await bus.lastOf(SNAPSHOTS_STREAM, snapshotHeadSubject('lease', 0));
    return JSON.parse(new TextDecoder().decode(message!.data)) as { parts: number[] };
  };
  const append = (epoch: string): Promise<number> =>
    bus.append(journalSubject('lease', 0), encodeBatch({ epoch, positions: {}, events: [] }));

  it('is read as it was written, with the positions that belong to it', async () => {
    const seq = await append('one');
    const positions = new Map([['policy', { mark: 'p', seq: 9, index: 1 }]]);
    const folded = { state: STATE, seq, epoch: 'one', lastId: 7, lastAt: 8, positions };
    const snapshots = snapshotsOf();
    await snapshots.save(snapshots.take(folded), seq, 'one');
    expect(await snapshotsOf().load()).toEqual(folded);
  });

  it.each([
    ['its parts and its head: the one before is read', 'lease.snapshot-parts', 8],
    ['its head and the end of the one before: it is read', 'lease.snapshot-head', 9],
  ])('whose writer ends between %s', async (_between, point, lastId) => {
    const seq = await bus.endOf('LEASE-0');
    const folded = { state: STATE, seq, epoch: 'one', lastAt: 8, positions: new Map() };
    const before = snapshotsOf();
    await before.save(before.take({ ...folded, lastId: 8 }), seq, 'one');
    const dying = snapshotsOf(1, key, point);
    await dying.save(dying.take({ ...folded, lastId: 9 }), seq, 'one');
    expect(await snapshotsOf().load()).toMatchObject({ lastId });
    // What is left of either is removed with the next one.
    await before.save(before.take({ ...folded, lastId: 10 }), seq, 'one');
    const { parts } = await lastHead();
    expect((await bus.rangeOf(SNAPSHOTS_STREAM)).first).toBe(parts[0]);
    expect(await snapshotsOf().load()).toMatchObject({ lastId: 10 });
  });

  it('lies on the broker sealed', async () => {
    const end = await bus.endOf(SNAPSHOTS_STREAM);
    const { first } = await bus.rangeOf(SNAPSHOTS_STREAM);
    expect(end - first).toBeGreaterThan(1);
    for (let seq = first; seq <= end; seq++) {
      const text = Buffer.from((await bus.message(SNAPSHOTS_STREAM, seq))!.data).toString();
      expect(text).not.toContain(Buffer.from(CANARY).toString('base64').slice(2, -4));
      expect(text).not.toContain(CANARY);
    }
  });

  it('of another version, or sealed with a key that is gone, is passed over', async () => {
    expect(await snapshotsOf(2).load()).toBeUndefined();
    expect(await snapshotsOf(1, mintSealingKey()).load()).toBeUndefined();
    expect(await snapshotsOf().load()).toBeDefined();
  });

  it('is passed over when the journal does not go on from it: purged beyond it, or another life of it', async () => {
    const snapshots = snapshotsOf();
    const folded = { state: STATE, seq: 1, epoch: 'lost', lastId: 7, lastAt: 8, positions: new Map() };
    await snapshots.save(snapshots.take(folded), 1, 'lost');
    expect(await snapshotsOf().load()).toBeUndefined();
    await snapshots.save(snapshots.take(folded), 1, 'one');
    expect(await snapshotsOf().load()).toBeDefined();
    await append('two');
    await bus.purge('LEASE-0', 2);
    expect(await snapshotsOf().load()).toBeUndefined();
  });
});
